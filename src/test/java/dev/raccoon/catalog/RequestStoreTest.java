package dev.raccoon.catalog;

import static dev.raccoon.catalog.Scenario.DEMO;
import static dev.raccoon.catalog.Scenario.LOG;
import static dev.raccoon.catalog.Scenario.tag;
import static dev.raccoon.catalog.Scenario.url;
import static dev.raccoon.catalog.Scenario.wanted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raccoon.queue.Lease;
import dev.raccoon.value.BuildId;
import dev.raccoon.value.CloneUrl;
import dev.raccoon.value.Namespaces;
import dev.raccoon.value.PackageName;
import dev.raccoon.value.Ref;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RequestStoreTest {
  private static final CloneUrl ELSEWHERE = CloneUrl.parse("https://git.example.org/mallory/demo");

  private final Scenario scenario = new Scenario();

  @AfterEach
  void close() {
    scenario.close();
  }

  @Test
  void aRequestsBuildsAreQueuedAsTheyWereAskedForAndAnswerIt() {
    Recorded.Accepted accepted = scenario.ask(DEMO, wanted("1.0.0", "25"), wanted("", ""));

    List<Build> builds = scenario.builds.answering(accepted.request(), Namespaces.ALL);
    assertThat(builds).extracting(Build::id).containsExactlyElementsOf(accepted.builds());
    assertThat(builds).extracting(Build::state).containsOnly(BuildState.QUEUED);
    Build named = builds.getFirst();
    assertThat(named.name()).isEqualTo(DEMO);
    assertThat(named.cloneUrl()).isEqualTo(url(DEMO));
    assertThat(new Wanted(named.askedRef(), named.askedOtp())).isEqualTo(wanted("1.0.0", "25"));
    assertThat(named.otpMajor()).contains(25);
    assertThat(named.request()).isEqualTo(accepted.request());
    assertThat(new Wanted(builds.getLast().askedRef(), builds.getLast().askedOtp()))
        .isEqualTo(Wanted.ANYTHING);
  }

  @Test
  void aRequestThatCannotBeRecordedWholeLeavesNothing() {
    BuildId nobodys = scenario.unknown();
    List<Wanted.OrBuilt> entries =
        List.of(
            new Wanted.OrBuilt(wanted("1.0.0", "25"), Optional.empty(), Optional.empty()),
            new Wanted.OrBuilt(wanted("1.0.1", "25"), Optional.of(nobodys), Optional.empty()));

    assertThatThrownBy(() ->
            scenario.requests.record(
                new RequestStore.NewRequest(DEMO, url(DEMO), Build.Origin.API, entries)))
        .hasMessageContaining("request_build_build_id_fkey");

    assertThat(scenario.everything()).isEmpty();
  }

  @Test
  void theSameEntryTwiceInOneRequestIsOneBuild() {
    Recorded.Accepted accepted = scenario.ask(DEMO, wanted("1.0.0", "25"), wanted("1.0.0", "25"));

    assertThat(accepted.builds()).hasSize(2);
    assertThat(accepted.builds().getFirst()).isEqualTo(accepted.builds().getLast());
    assertThat(scenario.builds.answering(accepted.request(), Namespaces.ALL)).hasSize(1);
  }

  @Test
  void requestsForTheSameAtTheSameTimeShareOneBuild() throws Exception {
    int askers = 6;
    CyclicBarrier start = new CyclicBarrier(askers);
    List<Recorded.Accepted> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(askers)) {
      List<Future<Recorded.Accepted>> asked = new ArrayList<>();
      for (int i = 0; i < askers; i++) {
        PackageName name = i % 2 == 0 ? DEMO : new PackageName("Acme", "DEMO");
        asked.add(
            threads.submit(() -> {
              start.await();
              return scenario.ask(name, wanted("1.0.0", "25"));
            }));
      }
      for (Future<Recorded.Accepted> one : asked) {
        answers.add(one.get());
      }
    }

    assertThat(answers).extracting(Recorded.Accepted::request).doesNotHaveDuplicates();
    assertThat(answers).flatExtracting(Recorded.Accepted::builds).containsOnly(onlyBuild());
    assertThat(scenario.count("package")).isEqualTo(1);
    for (Recorded.Accepted answer : answers) {
      assertThat(scenario.builds.answering(answer.request(), Namespaces.ALL))
          .extracting(Build::id)
          .containsExactly(onlyBuild());
    }
  }

  @Test
  void whatWaitsOrRunsIsAnsweredAgainByWhatItWasAskedAsOrByWhatThatCameTo() {
    BuildId build = scenario.ask(DEMO, wanted("", "25")).builds().getFirst();
    assertThat(scenario.ask(DEMO, wanted("", "25")).builds()).containsExactly(build);
    assertThat(scenario.ask(DEMO, wanted("1.0.0", "25")).builds()).doesNotContain(build);
    scenario.sql("delete from request_build where build_id <> ?", build.uuid());
    scenario.sql("delete from build where id <> ?", build.uuid());

    scenario.resolutions.resolve(scenario.claim(), tag("1.0.0", 1, "25.3"));

    assertThat(scenario.ask(DEMO, wanted("1.0.0", "25.3")).builds()).containsExactly(build);
    assertThat(scenario.ask(DEMO, wanted("1.0.0", "27")).builds()).doesNotContain(build);
    assertThat(scenario.ask(DEMO, wanted("1.0.1", "25")).builds()).doesNotContain(build);
  }

  @Test
  void whatRunsWithAnotherCommitThanTheRefNamesNowIsNotTheSame() {
    BuildId running = scenario.queued("main");
    scenario.resolutions.resolve(scenario.claim(), tag("main", 1, "25.3"));

    assertThat(asked("main", Optional.of(Scenario.commit(1)))).isEqualTo(running);
    assertThat(asked("main", Optional.empty())).isEqualTo(running);
    BuildId newer = asked("main", Optional.of(Scenario.commit(2)));
    assertThat(newer).isNotEqualTo(running);
    assertThat(asked("main", Optional.of(Scenario.commit(2)))).isEqualTo(newer);
    assertThat(scenario.builds.running(DEMO)).containsExactly(new Ref("main"));
  }

  private BuildId asked(String ref, Optional<String> commit) {
    Wanted.OrBuilt entry = new Wanted.OrBuilt(wanted(ref, "25"), Optional.empty(), commit);
    Recorded recorded =
        scenario.requests.record(
            new RequestStore.NewRequest(DEMO, url(DEMO), Build.Origin.API, List.of(entry)));
    return ((Recorded.Accepted) recorded).builds().getFirst();
  }

  @Test
  void whatFailedIsBuiltAgain() {
    BuildId failed = scenario.queued("1.0.0");
    scenario.leased.fail(scenario.claim(), FailureKind.COMPILE, "It does not compile.", LOG);

    assertThat(scenario.queued("1.0.0")).isNotEqualTo(failed);
  }

  @Test
  void aRebuildIsAlwaysANewBuild() {
    BuildId first = scenario.queued("1.0.0");
    BuildId second = scenario.rebuild(DEMO, wanted("1.0.0", "25")).builds().getFirst();
    BuildId third = scenario.rebuild(DEMO, wanted("1.0.0", "25")).builds().getFirst();

    assertThat(List.of(first, second, third)).doesNotHaveDuplicates();
  }

  @Test
  void anEntryThatIsBuiltAlreadyIsAnsweredByThatBuild() {
    BuildId good = scenario.good(DEMO, tag("1.0.0", 1, "25.3"));

    Recorded recorded =
        scenario.requests.record(
            new RequestStore.NewRequest(
                DEMO,
                url(DEMO),
                Build.Origin.API,
                List.of(
                    new Wanted.OrBuilt(
                        wanted("1.0.0", "25"), Optional.of(good), Optional.empty()))));

    Recorded.Accepted accepted = (Recorded.Accepted) recorded;
    assertThat(accepted.builds()).containsExactly(good);
    assertThat(scenario.builds.answering(accepted.request(), Namespaces.ALL))
        .extracting(Build::id)
        .containsExactly(good);
    assertThat(scenario.builds.hasLive(accepted.request())).isFalse();
  }

  @Test
  void namesThatDifferInCaseAreOnePackageShownAsItWasFirstAskedFor() {
    scenario.ask(DEMO, wanted("1.0.0", "25"));
    Recorded.Accepted other =
        (Recorded.Accepted)
            scenario.record(
                new PackageName("ACME", "Demo"),
                CloneUrl.parse("https://git.example.org/ACME/Demo"),
                Build.Origin.API,
                wanted("2.0.0", "25"));

    assertThat(scenario.find(other.builds().getFirst()).name()).isEqualTo(DEMO);
  }

  @Test
  void anotherRepositoryIsRefusedWhileTheFirstIsBeingTriedAndOnceItHasAVersion() {
    scenario.queued("1.0.0");
    assertRefused();

    Lease lease = scenario.claim();
    assertRefused();

    scenario.resolutions.resolve(lease, tag("1.0.0", 1, "25.3"));
    scenario.leased.fail(lease, FailureKind.COMPILE, "It does not compile.", LOG);
    assertRefused();
  }

  @Test
  void anAddressFromWhichNothingEverCameIsReplaced() {
    scenario.queued("1.0.0");
    scenario.leased.fail(scenario.claim(), FailureKind.SOURCE, "There is no repository.", LOG);

    Recorded recorded = fromElsewhere();

    BuildId build = ((Recorded.Accepted) recorded).builds().getFirst();
    assertThat(scenario.find(build).cloneUrl()).isEqualTo(ELSEWHERE);
    assertThat(scenario.record(DEMO, url(DEMO), Build.Origin.API, wanted("1.0.0", "25")))
        .isEqualTo(new Recorded.OtherRepository(ELSEWHERE));
  }

  private void assertRefused() {
    List<String> before = scenario.everything();
    assertThat(fromElsewhere()).isEqualTo(new Recorded.OtherRepository(url(DEMO)));
    assertThat(scenario.everything()).isEqualTo(before);
  }

  private Recorded fromElsewhere() {
    return scenario.record(DEMO, ELSEWHERE, Build.Origin.API, wanted("1.0.0", "25"));
  }

  private BuildId onlyBuild() {
    return scenario.jdbi.withHandle(handle ->
        handle
            .createQuery("select id from build")
            .mapTo(java.util.UUID.class)
            .map(BuildId::new)
            .one());
  }
}
