package dev.raccoon.catalog;

import static dev.raccoon.catalog.Scenario.DEMO;
import static dev.raccoon.catalog.Scenario.tag;
import static dev.raccoon.catalog.Scenario.wanted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.catalog.ResolutionStore.Resolved;
import dev.raccoon.catalog.SearchStore.Available;
import dev.raccoon.catalog.SearchStore.AvailableVersion;
import dev.raccoon.catalog.SearchStore.Found;
import dev.raccoon.queue.Lease;
import dev.raccoon.value.BuildId;
import dev.raccoon.value.Namespaces;
import dev.raccoon.value.OtpVersion;
import dev.raccoon.value.Ref;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MovedTagTest {
  private static final Available ALL = new Available(DEMO, List.of(), Namespaces.NONE);

  private final Scenario scenario = new Scenario();

  @AfterEach
  void close() {
    scenario.close();
  }

  @Test
  void theFirstIsServedAndTheSecondIsRecordedButWaitsToBeAccepted() {
    BuildId first = scenario.good(DEMO, tag("1.0.0", 1, "25.3"));
    UUID firstVersion = version(1);
    BuildId moved = scenario.good(DEMO, tag("1.0.0", 2, "25.3"));

    assertThat(accepted()).containsExactly(true, false);
    assertThat(newest()).contains(first);
    assertThat(available()).containsExactly(first);
    assertThat(scenario.search.versions(ALL, 10))
        .containsExactly(new AvailableVersion(firstVersion, "1.0.0", 25));
    assertThat(scenario.ids(scenario.search.last(10, Namespaces.ALL)))
        .containsExactly(moved, first);

    scenario.sql("update version set accepted = true");
    assertThat(newest()).contains(moved);
    assertThat(available()).containsExactly(moved, first);
  }

  @Test
  void theMovedTagIsNotServedForAnOtpThatOnlyItWasBuiltFor() {
    scenario.good(DEMO, tag("1.0.0", 1, "25.3"));
    scenario.good(DEMO, tag("1.0.0", 2, "27.1"));

    Available on27 = new Available(DEMO, List.of(wanted("1.0.0", "27")), Namespaces.NONE);
    assertThat(scenario.search.newest(on27, Optional.empty(), "ep")).isEmpty();
    assertThat(scenario.search.versions(on27, 10)).isEmpty();
  }

  @Test
  void aTagThatMovesBackIsTheFirstVersionAgain() {
    scenario.good(DEMO, tag("1.0.0", 1, "25.3"));
    scenario.good(DEMO, tag("1.0.0", 2, "25.3"));
    BuildId back = scenario.good(DEMO, tag("1.0.0", 1, "25.4"));

    assertThat(scenario.count("version")).isEqualTo(2);
    assertThat(newest()).contains(back);
  }

  @Test
  void whereTheFirstCommitWasNeverBuiltWellTheOneThatTheTagMovedToIsServed() {
    scenario.queued("1.0.0");
    Lease lease = scenario.claim();
    scenario.resolutions.resolve(lease, tag("1.0.0", 1, "25.3"));
    scenario.leased.fail(lease, FailureKind.COMPILE, "It does not compile.", Scenario.LOG);

    BuildId mended = scenario.good(DEMO, tag("1.0.0", 2, "25.3"));

    assertThat(newest()).contains(mended);
    assertThat(available()).containsExactly(mended);
    assertThat(scenario.find(mended).moved()).isFalse();
    assertThat(accepted()).containsExactly(false, true);
  }

  @Test
  void aBuildOfAMovedTagIsToldSoAndSaysSo() {
    BuildId first = scenario.good(DEMO, tag("1.0.0", 1, "25.3"));
    BuildId moved = scenario.queued("1.0.0");
    Lease lease = scenario.claim();

    ResolutionStore.Known known = scenario.resolutions.resolve(lease, tag("1.0.0", 2, "25.3"));

    assertThat(known.served()).contains(Scenario.commit(1));
    assertThat(scenario.find(moved).moved()).isTrue();
    assertThat(scenario.find(first).moved()).isFalse();
  }

  @Test
  void ofTwoCommitsOfATagThatAreBuiltAtOnceOneIsAccepted() throws Exception {
    for (int i = 0; i < 10; i++) {
      String ref = "1.0." + i;
      scenario.ask(DEMO, wanted(ref, "25"), wanted(ref, "27"));
      CyclicBarrier start = new CyclicBarrier(2);
      try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
        List<Future<?>> both = new ArrayList<>();
        for (int commit = 0; commit < 2; commit++) {
          Lease lease = scenario.claim();
          Resolved resolved = tag(ref, 2 * i + commit, "25.3");
          both.add(
              threads.submit(() -> {
                scenario.resolutions.resolve(lease, resolved);
                start.await();
                scenario.leased.succeed(lease, "A demo", List.of(), Scenario.LOG);
                return null;
              }));
        }
        for (Future<?> one : both) {
          one.get();
        }
      }
      assertThat(scenario.count("version where accepted and ref = ?", ref)).isEqualTo(1);
    }
  }

  @Test
  void ofABranchTheNewestGoodBuildWins() {
    scenario.ask(DEMO, wanted("main", "25.3"));
    BuildId older = scenario.succeed(branch(1));
    scenario.ask(DEMO, wanted("main", "25.3"));
    BuildId newer = scenario.succeed(branch(2));

    assertThat(accepted()).containsExactly(true, true);
    assertThat(newest()).contains(newer);
    assertThat(available()).containsExactly(newer, older);
  }

  @Test
  void aFailedRebuildNeverHidesAGoodBuild() {
    BuildId good = scenario.good(DEMO, tag("1.0.0", 1, "25.3"));
    scenario.rebuild(DEMO, wanted("1.0.0", "25.3"));
    Lease lease = scenario.claim();
    scenario.resolutions.resolve(lease, tag("1.0.0", 1, "25.3"));
    scenario.leased.fail(lease, FailureKind.COMPILE, "It does not compile.", Scenario.LOG);

    assertThat(newest()).contains(good);
    assertThat(available()).containsExactly(good);
  }

  private static Resolved branch(int commit) {
    return new Resolved(
        new Ref("main"), "BRANCH", Scenario.commit(commit), new OtpVersion("25.3"), List.of());
  }

  private Optional<BuildId> newest() {
    return scenario.search.newest(ALL, Optional.empty(), "ep").map(Found::build);
  }

  private List<BuildId> available() {
    Page<BuildSummary> page =
        scenario.search.available(ALL, new Page.Request(10, Optional.empty()));
    assertThat(page.total()).isEqualTo(page.rows().size());
    return scenario.ids(page.rows());
  }

  private List<Boolean> accepted() {
    return scenario.jdbi.withHandle(handle ->
        handle
            .createQuery("select accepted from version order by commit")
            .mapTo(Boolean.class)
            .list());
  }

  private UUID version(int commit) {
    return scenario.jdbi.withHandle(handle ->
        handle
            .select("select id from version where commit = ?", Scenario.commit(commit))
            .mapTo(UUID.class)
            .one());
  }
}
