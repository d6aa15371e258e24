package dev.raccoon.queue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.catalog.Build;
import dev.raccoon.catalog.BuildState;
import dev.raccoon.catalog.FailureKind;
import dev.raccoon.catalog.LogStore;
import dev.raccoon.catalog.Scenario;
import dev.raccoon.queue.QueueStore.Recovered;
import dev.raccoon.value.BuildId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class QueueStoreTest {
  private static final UUID NODE = UUID.randomUUID();
  private static final UUID OTHER_NODE = UUID.randomUUID();
  private static final Duration HOLDS = Duration.ofMinutes(1);

  private final Scenario scenario = new Scenario();
  private final QueueStore queue = new QueueStore(scenario.jdbi);

  @AfterEach
  void close() {
    scenario.close();
  }

  @Test
  void anEmptyQueueGivesNothing() {
    assertThat(claim()).isEmpty();
    assertThat(Claims.depth(scenario.jdbi)).isEqualTo(new Claims.Depth(0, 0));
  }

  @Test
  void manyClaimersAtOnceNeverGetOneBuildTwiceAndLeaveNone() throws Exception {
    for (int i = 0; i < 60; i++) {
      scenario.queued("1.0." + i);
    }
    int claimers = 6;
    CyclicBarrier start = new CyclicBarrier(claimers);
    Callable<List<Lease>> claimer =
        () -> {
          start.await();
          List<Lease> mine = new ArrayList<>();
          for (Optional<Lease> next = claim(); next.isPresent(); next = claim()) {
            mine.add(next.get());
          }
          return mine;
        };

    List<Lease> all = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(claimers)) {
      List<Future<List<Lease>>> claims = new ArrayList<>();
      for (int i = 0; i < claimers; i++) {
        claims.add(threads.submit(claimer));
      }
      for (Future<List<Lease>> claim : claims) {
        all.addAll(claim.get());
      }
    }

    assertThat(all).extracting(Lease::build).doesNotHaveDuplicates().hasSize(60);
    assertThat(all).extracting(Lease::token).doesNotHaveDuplicates();
    assertThat(Claims.depth(scenario.jdbi)).isEqualTo(new Claims.Depth(0, 60));
  }

  @Test
  void theHighestPriorityComesFirstThenTheFirstTurnThenTheOldest() {
    BuildId second = scenario.queued("1.0.0");
    BuildId third = scenario.queued("1.0.1");
    BuildId first = scenario.queued("1.0.2");
    scenario.sql("update build set priority = 1 where id = ?", first.uuid());
    scenario.sql("update build set turn = 7 where id = ?", third.uuid());

    assertThat(List.of(claimed(), claimed(), claimed()))
        .extracting(Lease::build)
        .containsExactly(first, second, third);
  }

  @Test
  void aBuildDoesNotStartBeforeItsTime() {
    BuildId early = scenario.queued("1.0.0");
    BuildId later = scenario.queued("1.0.1");
    scenario.sql("update build set not_before = now() + interval '1 h' where id = ?", early.uuid());

    assertThat(claimed().build()).isEqualTo(later);
    assertThat(claim()).isEmpty();

    scenario.sql("update build set not_before = now() - interval '1 s' where id = ?", early.uuid());
    assertThat(claimed().build()).isEqualTo(early);
  }

  @Test
  void aClaimedBuildRunsAndItsAttemptCounts() {
    BuildId id = scenario.queued("1.0.0");

    claimed();

    Build build = scenario.find(id);
    assertThat(build.state()).isEqualTo(BuildState.RUNNING);
    assertThat(build.attempt()).isEqualTo(1);
    assertThat(build.startedAt()).isPresent();
  }

  @Test
  void aHeartbeatAnswersOnlyLeasesThatStillHoldAndMakesThemHoldForLonger() {
    scenario.queued("1.0.0");
    scenario.queued("1.0.1");
    Lease kept = claimed();
    Lease lost = claimed();
    expire(lost);
    var _ = queue.recoverExpired();
    expire(kept);

    assertThat(queue.heartbeat(List.of(kept.token(), lost.token(), UUID.randomUUID()), HOLDS))
        .containsExactly(kept.token());
    assertThat(queue.recoverExpired()).isEqualTo(new Recovered(0, 0));
    assertThat(scenario.find(kept.build()).state()).isEqualTo(BuildState.RUNNING);
  }

  @Test
  void onlyBuildsWhoseLeaseHasEndedAreRecoveredAndTheyRunAgain() {
    scenario.queued("1.0.0");
    scenario.queued("1.0.1");
    Lease held = claimed();
    Lease lost = claimed();
    expire(lost);

    assertThat(queue.recoverExpired()).isEqualTo(new Recovered(1, 0));

    Build again = scenario.find(lost.build());
    assertThat(again.state()).isEqualTo(BuildState.QUEUED);
    assertThat(again.message())
        .isEqualTo("Its node gave no sign of life, or gave it up; it runs again.");
    assertThat(again.startedAt()).isEmpty();
    assertThat(scenario.find(held.build()).state()).isEqualTo(BuildState.RUNNING);
    Lease next = claimed();
    assertThat(next.build()).isEqualTo(lost.build());
    assertThat(next.token()).isNotEqualTo(lost.token());
  }

  @Test
  void aNodeThatComesBackRecoversItsOwnBuildsAtOnceAndNobodyElses() {
    scenario.queued("1.0.0");
    scenario.queued("1.0.1");
    Lease mine = claimed();
    Lease others = queue.claim(OTHER_NODE, Claims.ANYTHING, HOLDS).orElseThrow();

    assertThat(queue.recoverOwn(NODE)).isEqualTo(new Recovered(1, 0));

    assertThat(scenario.find(mine.build()).state()).isEqualTo(BuildState.QUEUED);
    assertThat(scenario.find(mine.build()).message())
        .isEqualTo("Its node was started anew; it runs again.");
    assertThat(scenario.find(others.build()).state()).isEqualTo(BuildState.RUNNING);
  }

  @Test
  void aBuildThatIsLostFiveTimesWaitsForLongerEachTimeThenFailsAsOurFaultWithItsLastLog() {
    BuildId id = scenario.queued("1.0.0");
    LogStore logs = new LogStore(scenario.jdbi);
    List<Integer> pauses = new ArrayList<>();
    for (int attempt = 1; attempt <= QueueStore.MAX_ATTEMPTS; attempt++) {
      assertThat(scenario.find(id).state()).isEqualTo(BuildState.QUEUED);
      Lease lease = claimed();
      logs.append(lease, 0, ("attempt " + attempt).getBytes(UTF_8));
      expire(lease);
      boolean last = attempt == QueueStore.MAX_ATTEMPTS;
      assertThat(queue.recoverExpired())
          .isEqualTo(last ? new Recovered(0, 1) : new Recovered(1, 0));
      pauses.add(pauseSeconds());
      scenario.sql("update build set not_before = now()");
    }

    assertThat(pauses).startsWith(0, 10, 30, 70);
    assertThat(logs.pieces(id, 0)).containsExactly("attempt 5".getBytes(UTF_8));

    Build failed = scenario.find(id);
    assertThat(failed.state()).isEqualTo(BuildState.FAILED);
    assertThat(failed.failure()).contains(FailureKind.INFRASTRUCTURE);
    assertThat(failed.message()).contains("Our fault").contains("5 times").contains("no sign");
    assertThat(failed.finishedAt()).isPresent();
    assertThat(claim()).isEmpty();
  }

  @Test
  void aReleasedBuildWaitsAgainAndItsAttemptDoesNotCount() {
    BuildId id = scenario.queued("1.0.0");
    for (int i = 0; i < 2 * QueueStore.MAX_ATTEMPTS; i++) {
      queue.release(claimed());
    }

    Build build = scenario.find(id);
    assertThat(build.state()).isEqualTo(BuildState.QUEUED);
    assertThat(build.attempt()).isZero();
    assertThat(build.startedAt()).isEmpty();
  }

  @Test
  void aReleaseUnderALostLeaseDoesNotTakeTheBuildFromItsNewNode() {
    BuildId id = scenario.queued("1.0.0");
    Lease lost = claimed();
    Lease newNodes = Claims.takenOver(scenario.jdbi, lost);

    queue.release(lost);

    assertThat(scenario.find(id).state()).isEqualTo(BuildState.RUNNING);
    assertThat(queue.heartbeat(List.of(newNodes.token()), HOLDS)).hasSize(1);
  }

  private Optional<Lease> claim() {
    return queue.claim(NODE, Claims.ANYTHING, HOLDS);
  }

  private Lease claimed() {
    return claim().orElseThrow();
  }

  private int pauseSeconds() {
    return scenario.jdbi.withHandle(handle ->
        handle
            .select("select round(extract(epoch from not_before - now())) from build")
            .mapTo(Integer.class)
            .map(seconds -> Math.max(0, seconds))
            .one());
  }

  private void expire(Lease lease) {
    scenario.sql(
        "update build set lease_until = now() - interval '1 s' where lease = ?", lease.token());
  }
}
