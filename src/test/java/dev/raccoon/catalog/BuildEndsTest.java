package dev.raccoon.catalog;

import static dev.raccoon.catalog.Scenario.DEMO;
import static dev.raccoon.catalog.Scenario.LOG;
import static dev.raccoon.catalog.Scenario.artifact;
import static dev.raccoon.catalog.Scenario.tag;
import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.access.Actor;
import dev.raccoon.access.NamespaceStore;
import dev.raccoon.queue.Lease;
import dev.raccoon.value.Namespaces;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BuildEndsTest {
  private static final Duration LONG = Duration.ofMinutes(5);

  private final Scenario scenario = new Scenario();
  private final BuildEnds ends = new BuildEnds(scenario.builds);

  @AfterEach
  void close() {
    scenario.close();
  }

  @Test
  void aRequestWhoseBuildsHaveEndedIsAnsweredAtOnce() throws Exception {
    Recorded.Accepted request = scenario.ask(DEMO, Wanted.ANYTHING);
    scenario.succeed(tag("1.0.0", 1, "25.3"));

    assertThat(ends.await(request.request(), Namespaces.ALL, LONG))
        .extracting(Build::state)
        .containsExactly(BuildState.SUCCEEDED);
  }

  @Test
  void theBuildsThatAPlaceholderSplitIntoAreWaitedForToo() throws Exception {
    Recorded.Accepted request = scenario.ask(DEMO, Wanted.ANYTHING);
    FutureTask<List<Build>> waiting = waiting(request, LONG);
    Lease placeholder = scenario.claim();
    scenario.resolutions.resolve(placeholder, tag("1.0.0", 1, "25.3", "27"));
    end(placeholder);
    ends.ended();

    Lease split = scenario.claim();
    scenario.resolutions.resolve(split, tag("1.0.0", 1, "27.1"));
    assertThat(waiting.isDone()).isFalse();
    end(split);
    ends.ended();

    assertThat(waiting.get())
        .extracting(Build::state)
        .containsExactly(BuildState.SUCCEEDED, BuildState.SUCCEEDED);
  }

  @Test
  void aWaiterThatIsToldLooksWithoutWaitingForItsNextLook() throws Exception {
    // By its own looks alone it would take longer than this test may.
    for (int i = 0; i < 60; i++) {
      Recorded.Accepted request = scenario.ask(DEMO, Scenario.wanted("1.0." + i, "25"));
      Lease lease = scenario.claim();
      FutureTask<List<Build>> waiting = waiting(request, LONG);
      scenario.leased.fail(lease, FailureKind.COMPILE, "It does not compile.", LOG);
      ends.ended();
      assertThat(waiting.get()).extracting(Build::state).containsExactly(BuildState.FAILED);
    }
  }

  @Test
  void aWordThatWasLostIsMadeUpForByALook() throws Exception {
    Recorded.Accepted request = scenario.ask(DEMO, Scenario.wanted("1.0.0", "25"));
    FutureTask<List<Build>> waiting = waiting(request, LONG);
    scenario.leased.fail(scenario.claim(), FailureKind.COMPILE, "It does not compile.", LOG);

    assertThat(waiting.get()).extracting(Build::state).containsExactly(BuildState.FAILED);
  }

  @Test
  void aPackageThatBecomesPrivateMeanwhileIsNotShown() throws Exception {
    Recorded.Accepted request = scenario.ask(DEMO, Wanted.ANYTHING);
    FutureTask<List<Build>> waiting = waiting(request, LONG);
    new NamespaceStore(scenario.jdbi).set(DEMO.namespace(), true, Actor.commandLine("test"));
    ends.ended();

    assertThat(waiting.get()).isEmpty();
    assertThat(
            scenario.builds.answering(request.request(), Namespaces.of(List.of(DEMO.namespace()))))
        .hasSize(1);
  }

  @Test
  void atItsLimitTheWaitEndsWithTheBuildsAsTheyAre() throws Exception {
    Recorded.Accepted request = scenario.ask(DEMO, Wanted.ANYTHING);

    assertThat(ends.await(request.request(), Namespaces.ALL, Duration.ofMillis(20)))
        .extracting(Build::state)
        .containsExactly(BuildState.QUEUED);
  }

  /** Begins to wait on a thread of its own, and returns when that thread waits. */
  private FutureTask<List<Build>> waiting(Recorded.Accepted request, Duration limit) {
    CompletableFuture<Void> begun = new CompletableFuture<>();
    FutureTask<List<Build>> task =
        new FutureTask<>(() -> {
          begun.complete(null);
          return ends.await(request.request(), Namespaces.NONE, limit);
        });
    Thread thread = Thread.ofPlatform().daemon().start(task);
    begun.join();
    while (thread.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    return task;
  }

  private void end(Lease lease) {
    scenario.leased.succeed(lease, "A demo", List.of(artifact("demo", true)), LOG);
  }
}
