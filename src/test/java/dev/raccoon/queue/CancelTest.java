package dev.raccoon.queue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.catalog.Build;
import dev.raccoon.catalog.BuildState;
import dev.raccoon.catalog.Scenario;
import dev.raccoon.value.BuildId;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Builds that somebody wants no more, and where the others wait. */
class CancelTest {
  private final Scenario scenario = new Scenario();
  private final QueueStore queue = new QueueStore(scenario.jdbi);
  private final QueueControlStore control = new QueueControlStore(scenario.jdbi);

  @AfterEach
  void close() {
    scenario.close();
  }

  @Test
  void aBuildThatWaitsIsCancelledAtOnceAndItsLogSaysSo() {
    BuildId id = scenario.queued("1.0.0");

    control.cancel(id, "ann");

    Build build = scenario.find(id);
    assertThat(build.state()).isEqualTo(BuildState.CANCELLED);
    assertThat(build.message()).isEqualTo("Cancelled by ann before it began.");
    assertThat(new String(scenario.logs.pieces(id, 0).getFirst(), UTF_8))
        .isEqualTo("==> Cancelled by ann before it began.\n");
    assertThat(queue.depth()).isEqualTo(new QueueStore.Depth(0, 0));
  }

  @Test
  void oneThatRunsIsItsNodesToStop() {
    BuildId id = scenario.queued("1.0.0");
    Lease lease = scenario.claim();

    control.cancel(id, "ann");
    control.cancel(id, "bob");

    assertThat(scenario.find(id).state()).isEqualTo(BuildState.RUNNING);
    assertThat(queue.toCancel(List.of(lease.token()))).containsExactly(lease.token());
    assertThat(queue.cancelAskedBy(lease)).contains("ann");
  }

  @Test
  void oneThatGoesBackToTheQueueByWhateverWayEndsThere() {
    BuildId released = scenario.queued("1.0.0");
    Lease lease = scenario.claim();
    control.cancel(released, "ann");
    queue.release(lease);
    cancelled(released);

    BuildId lost = scenario.queued("1.0.1");
    lease = scenario.claim();
    control.cancel(lost, "ann");
    scenario.sql(
        "update build set lease_until = now() - interval '1 s' where lease = ?", lease.token());
    queue.recoverExpired();
    cancelled(lost);

    BuildId again = scenario.queued("1.0.2");
    lease = scenario.claim();
    control.cancel(again, "ann");
    scenario.leased.tryAgain(lease, Duration.ZERO, "Our fault.");
    cancelled(again);

    int counted =
        scenario.jdbi.withHandle(handle ->
            handle.select("select ended_builds from package").mapTo(Integer.class).one());
    assertThat(counted).as("the lists count them").isEqualTo(3);
  }

  private void cancelled(BuildId id) {
    Build build = scenario.find(id);
    assertThat(build.state()).isEqualTo(BuildState.CANCELLED);
    assertThat(build.message()).isEqualTo("Cancelled by ann.");
    assertThat(build.finishedAt()).isPresent();
  }

  @Test
  void oneThatHasEndedStaysAsItIs() {
    BuildId good = scenario.good(Scenario.DEMO, Scenario.tag("1.0.0", 1, "25.3"));

    control.cancel(good, "ann");

    assertThat(scenario.find(good).state()).isEqualTo(BuildState.SUCCEEDED);
  }

  @Test
  void aBuildKnowsItsPlaceAndWhenItWillBegin() {
    new NodeStore(scenario.jdbi)
        .beat(Fleets.says(java.util.UUID.randomUUID(), 2, "25.3"), true);
    BuildId good = scenario.good(Scenario.DEMO, Scenario.tag("0.9.0", 1, "25.3"));
    scenario.sql(
        "update build set started_at = finished_at - interval '40 s' where id = ?", good.uuid());
    BuildId first = scenario.queued("1.0.0");
    BuildId second = scenario.queued("1.0.1");
    BuildId third = scenario.queued("1.0.2");

    assertThat(control.place(first).orElseThrow().begins()).contains(Duration.ZERO);
    assertThat(control.place(second).orElseThrow().begins()).contains(Duration.ZERO);
    QueueControlStore.Place place = control.place(third).orElseThrow();
    assertThat(place.number()).isEqualTo(3);
    assertThat(place.begins()).contains(Duration.ofSeconds(40));
    assertThat(control.usual(third)).contains(Duration.ofSeconds(40));
    assertThat(control.place(good)).isEmpty();
  }
}
