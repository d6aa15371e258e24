package dev.raccoon.catalog;

import static dev.raccoon.catalog.Scenario.DEMO;
import static dev.raccoon.catalog.Scenario.tag;
import static dev.raccoon.catalog.Scenario.wanted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.catalog.ResolutionStore.Resolved;
import dev.raccoon.queue.Claims;
import dev.raccoon.queue.Lease;
import dev.raccoon.value.BuildId;
import dev.raccoon.value.Namespaces;
import dev.raccoon.value.OtpVersion;
import dev.raccoon.value.Ref;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PlaceholderTest {
  private static final Resolved TWO = tag("1.0.0", 1, "25.3", "27");

  private final Scenario scenario = new Scenario();

  @AfterEach
  void close() {
    scenario.close();
  }

  @Test
  void itBecomesABuildOfWhatWasFound() {
    BuildId id = scenario.ask(DEMO, Wanted.ANYTHING).builds().getFirst();

    assertThat(scenario.resolutions.resolve(scenario.claim(), tag("1.0.0", 1, "25.3")).built())
        .isEmpty();

    Build build = scenario.find(id);
    assertThat(build.ref()).contains(new Ref("1.0.0"));
    assertThat(build.commit()).contains(Scenario.commit(1));
    assertThat(build.otp()).contains(new OtpVersion("25.3"));
    assertThat(build.askedRef()).isEmpty();
    assertThat(build.askedOtp()).isEmpty();
  }

  @Test
  void itSplitsIntoBuildsOfTheSameRequestAndTheSameRef() {
    Recorded.Accepted accepted = scenario.ask(DEMO, Wanted.ANYTHING);

    scenario.resolutions.resolve(scenario.claim(), tag("1.0.0", 1, "25.3", "26", "27.1"));

    List<Build> builds = scenario.builds.answering(accepted.request(), Namespaces.ALL);
    assertThat(builds).hasSize(3);
    assertThat(builds.subList(1, 3))
        .extracting(Build::request, Build::state, b -> new Wanted(b.askedRef(), b.askedOtp()))
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                accepted.request(), BuildState.QUEUED, wanted("1.0.0", "26")),
            org.assertj.core.groups.Tuple.tuple(
                accepted.request(), BuildState.QUEUED, wanted("1.0.0", "27.1")));
    assertThat(scenario.builds.askedRefs(accepted.request()))
        .as("what the placeholder came to stands, even if there is a newer tag by now")
        .containsExactly(Optional.of(new Ref("1.0.0")));
  }

  @Test
  void itSplitsOnceEvenWhenItIsClaimedAgain() {
    Recorded.Accepted accepted = scenario.ask(DEMO, Wanted.ANYTHING);
    scenario.sql("update build set priority = 9");
    Lease first = scenario.claim();
    scenario.resolutions.resolve(first, TWO);

    Lease second = Claims.takenOver(scenario.jdbi, first);
    assertThat(second.build()).isEqualTo(first.build());
    scenario.resolutions.resolve(second, TWO);

    assertThat(scenario.builds.answering(accepted.request(), Namespaces.ALL)).hasSize(2);
  }

  @Test
  void itsSplitsAnswerEveryRequestThatItAnswersWhetherAskedBeforeOrAfterTheSplit() {
    Recorded.Accepted first = scenario.ask(DEMO, Wanted.ANYTHING);
    Recorded.Accepted before = scenario.ask(DEMO, Wanted.ANYTHING);
    scenario.resolutions.resolve(scenario.claim(), TWO);
    Recorded.Accepted after = scenario.ask(DEMO, Wanted.ANYTHING);

    assertThat(before.builds()).isEqualTo(first.builds());
    assertThat(after.builds()).isEqualTo(first.builds());
    List<Build> all = scenario.builds.answering(first.request(), Namespaces.ALL);
    assertThat(all).hasSize(2);
    assertThat(scenario.builds.answering(before.request(), Namespaces.ALL)).isEqualTo(all);
    assertThat(scenario.builds.answering(after.request(), Namespaces.ALL)).isEqualTo(all);
  }

  @Test
  void whoAskedForOneOtpIsNotAnsweredByTheSplits() {
    BuildId placeholder = scenario.ask(DEMO, Wanted.ANYTHING).builds().getFirst();
    scenario.resolutions.resolve(scenario.claim(), TWO);

    Recorded.Accepted one = scenario.ask(DEMO, wanted("1.0.0", "25.3"));

    assertThat(scenario.builds.answering(one.request(), Namespaces.ALL))
        .extracting(Build::id)
        .containsExactly(placeholder);
  }

  @Test
  void whatWaitsOrRunsAlreadyIsNotQueuedAgainAsASplit() {
    BuildId placeholder = scenario.ask(DEMO, Wanted.ANYTHING).builds().getFirst();
    Lease lease = scenario.claim();
    BuildId live = scenario.ask(DEMO, wanted("1.0.0", "27")).builds().getFirst();

    scenario.resolutions.resolve(lease, TWO);

    Recorded.Accepted after = scenario.ask(DEMO, Wanted.ANYTHING);
    assertThat(scenario.builds.answering(after.request(), Namespaces.ALL))
        .extracting(Build::id)
        .containsExactly(placeholder, live);
    assertThat(scenario.builds.answering(scenario.find(placeholder).request(), Namespaces.ALL))
        .extracting(Build::id)
        .containsExactly(placeholder, live);
    assertThat(scenario.count("build")).isEqualTo(2);
  }

  @Test
  void whatRunsWithAnotherCommitIsNoSplit() {
    scenario.ask(DEMO, wanted("1.0.0", "27"));
    scenario.resolutions.resolve(scenario.claim(), tag("1.0.0", 7, "27.1"));
    scenario.ask(DEMO, Wanted.ANYTHING);

    scenario.resolutions.resolve(scenario.claim(), TWO);

    assertThat(scenario.count("build")).isEqualTo(3);
  }

  @Test
  void whoWantsNewBuildsGetsNewSplits() {
    scenario.rebuild(DEMO, Wanted.ANYTHING);
    Lease lease = scenario.claim();
    scenario.ask(DEMO, wanted("1.0.0", "27"));

    scenario.resolutions.resolve(lease, TWO);

    assertThat(scenario.count("build")).isEqualTo(3);
  }

  @Test
  void whatIsBuiltAlreadyIsAnsweredUnlessANewBuildIsWanted() {
    BuildId good = scenario.good(DEMO, tag("1.0.0", 1, "25.3"));

    scenario.ask(DEMO, Wanted.ANYTHING);
    Lease again = scenario.claim();
    assertThat(scenario.resolutions.resolve(again, tag("1.0.0", 1, "25.3")).built()).contains(good);
    scenario.leased.succeedAs(again, good, Scenario.LOG);

    scenario.rebuild(DEMO, wanted("1.0.0", "25"));
    assertThat(scenario.resolutions.resolve(scenario.claim(), tag("1.0.0", 1, "25.3")).built())
        .isEmpty();
    assertThat(scenario.find(again.build()).state()).isEqualTo(BuildState.SUCCEEDED);
    assertThat(scenario.builds.artifacts(again.build(), Namespaces.ALL))
        .isEqualTo(scenario.builds.artifacts(good, Namespaces.ALL))
        .isNotEmpty();
  }

  @Test
  void anotherCommitOrAnotherOtpIsNotBuiltAlready() {
    scenario.good(DEMO, tag("1.0.0", 1, "25.3"));
    scenario.ask(DEMO, wanted("1.0.0", "25"), wanted("1.0.0", "27"));

    assertThat(scenario.resolutions.resolve(scenario.claim(), tag("1.0.0", 2, "25.3")).built())
        .isEmpty();
    assertThat(scenario.resolutions.resolve(scenario.claim(), tag("1.0.0", 1, "27.1")).built())
        .isEmpty();
  }
}
