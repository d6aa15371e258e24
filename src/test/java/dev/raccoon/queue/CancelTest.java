package dev.raccoon.queue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.access.Actor;
import dev.raccoon.access.AuditStore;
import dev.raccoon.catalog.Build;
import dev.raccoon.catalog.BuildState;
import dev.raccoon.catalog.Recorded;
import dev.raccoon.catalog.RequestStore;
import dev.raccoon.catalog.Scenario;
import dev.raccoon.catalog.Wanted;
import dev.raccoon.queue.CancelStore.Outcome;
import dev.raccoon.queue.QueueControlStore.Place;
import dev.raccoon.value.BuildId;
import dev.raccoon.value.CloneUrl;
import dev.raccoon.value.OtpSelector;
import dev.raccoon.value.Ref;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Builds that somebody wants no more, and where the others wait. */
class CancelTest {
  private static final Actor ANN = new Actor("token 7 (ann)", Optional.of("192.0.2.1"));

  private final Scenario scenario = new Scenario();
  private final QueueStore queue = new QueueStore(scenario.jdbi);
  private final CancelStore cancels = new CancelStore(scenario.jdbi);
  private final NodeStore nodes = new NodeStore(scenario.jdbi);
  private final QueueControlStore control = new QueueControlStore(scenario.jdbi);

  @AfterEach
  void close() {
    scenario.close();
  }

  @Test
  void aBuildThatWaitsIsCancelledAtOnceAndItsLogSaysSo() {
    BuildId id = scenario.queued("1.0.0");

    cancels.cancel(id, ANN);

    Build build = scenario.find(id);
    assertThat(build.state()).isEqualTo(BuildState.CANCELLED);
    assertThat(build.message()).isEqualTo("Cancelled by token 7 (ann) before it began.");
    assertThat(new String(scenario.logs.pieces(id, 0).getFirst(), UTF_8))
        .isEqualTo("==> Cancelled by token 7 (ann) before it began.\n");
    assertThat(Claims.depth(scenario.jdbi)).isEqualTo(new Claims.Depth(0, 0));
  }

  @Test
  void oneThatRunsIsItsNodesToStop() {
    BuildId id = scenario.queued("1.0.0");
    Lease lease = scenario.claim();

    cancels.cancel(id, ANN);
    cancels.cancel(id, Actor.commandLine("bob"));

    assertThat(scenario.find(id).state()).isEqualTo(BuildState.RUNNING);
    assertThat(queue.toCancel(List.of(lease.token()))).containsExactly(lease.token());
    assertThat(queue.cancelAskedBy(lease)).contains("token 7 (ann)");
  }

  @Test
  void oneThatGoesBackToTheQueueByWhateverWayEndsThere() {
    BuildId released = scenario.queued("1.0.0");
    Lease lease = scenario.claim();
    cancels.cancel(released, ANN);
    queue.release(lease);
    cancelled(released);

    BuildId lost = scenario.queued("1.0.1");
    lease = scenario.claim();
    cancels.cancel(lost, ANN);
    scenario.sql(
        "update build set lease_until = now() - interval '1 s' where lease = ?", lease.token());
    var _ = queue.recoverExpired();
    cancelled(lost);

    BuildId again = scenario.queued("1.0.2");
    lease = scenario.claim();
    cancels.cancel(again, ANN);
    scenario.leased.tryAgain(lease, Duration.ZERO, "Our fault.");
    cancelled(again);

    int counted =
        scenario.jdbi.withHandle(
            handle -> handle.select("select ended_builds from package").mapTo(Integer.class).one());
    assertThat(counted).as("the lists count them").isEqualTo(3);
  }

  private void cancelled(BuildId id) {
    Build build = scenario.find(id);
    assertThat(build.state()).isEqualTo(BuildState.CANCELLED);
    assertThat(build.message()).isEqualTo("Cancelled by token 7 (ann).");
    assertThat(build.finishedAt()).isPresent();
    assertThat(log(id)).isEqualTo("==> Cancelled by token 7 (ann).\n");
  }

  @Test
  void itIsInTheAuditLogOnceWithTheAddressThatNoBuildShows() {
    BuildId id = scenario.queued("1.0.0");

    assertThat(cancels.cancel(id, ANN)).isEqualTo(Outcome.CANCELLED);
    assertThat(cancels.cancel(id, ANN)).isEqualTo(Outcome.ENDED);

    assertThat(new AuditStore(scenario.jdbi).page(Long.MAX_VALUE, 10))
        .singleElement()
        .satisfies(entry -> {
          assertThat(entry.act()).isEqualTo("build.cancel");
          assertThat(entry.actor()).isEqualTo(ANN);
          assertThat(entry.subject()).isEqualTo("build " + id);
        });
    assertThat(cancels.cancel(new BuildId(UUID.randomUUID()), ANN)).isEqualTo(Outcome.UNKNOWN);
  }

  @Test
  void whatAnEarlierTryHasPrintedStaysInItsLog() {
    BuildId id = scenario.queued("1.0.0");
    Lease lease = scenario.claim();
    scenario.logs.append(lease, 0, "==> Fetched.\n".getBytes(UTF_8));
    scenario.leased.tryAgain(lease, Duration.ofHours(1), "Our fault.");

    cancels.cancel(id, ANN);

    assertThat(log(id))
        .isEqualTo("==> Fetched.\n==> Cancelled by token 7 (ann) before it began.\n");
  }

  private String log(BuildId id) {
    StringBuilder text = new StringBuilder();
    scenario.logs.pieces(id, 0).forEach(piece -> text.append(new String(piece, UTF_8)));
    return text.toString();
  }

  @Test
  void aBuildOfTwoRequestsGoesOnUntilBothAreCancelled() {
    BuildId shared = scenario.queued("1.0.0");
    UUID first = scenario.find(shared).request();
    Recorded.Accepted second = ask("1.0.0", "1.0.1");
    BuildId own = second.builds().getLast();
    assertThat(second.builds().getFirst()).isEqualTo(shared);

    CancelStore.Withdrawn withdrawn = cancels.cancelRequest(second.request(), ANN).orElseThrow();

    assertThat(withdrawn.sentence())
        .isEqualTo("1 build is cancelled; 1 build goes on, since another request waits for it.");
    assertThat(scenario.find(own).state()).isEqualTo(BuildState.CANCELLED);
    assertThat(scenario.find(shared).state()).isEqualTo(BuildState.QUEUED);

    withdrawn = cancels.cancelRequest(first, ANN).orElseThrow();
    assertThat(withdrawn.sentence()).isEqualTo("1 build is cancelled.");
    assertThat(scenario.find(shared).state()).isEqualTo(BuildState.CANCELLED);
    assertThat(cancels.cancelRequest(first, ANN).orElseThrow().sentence())
        .isEqualTo("All builds of this request had ended before.");
    assertThat(cancels.cancelRequest(UUID.randomUUID(), ANN)).isEmpty();
  }

  @Test
  void oneBuildIsCancelledForAllItsRequests() {
    BuildId shared = scenario.queued("1.0.0");
    assertThat(ask("1.0.0").builds()).containsExactly(shared);

    cancels.cancel(shared, ANN);

    assertThat(scenario.find(shared).state()).isEqualTo(BuildState.CANCELLED);
  }

  @Test
  void whoAsksForWhatIsBeingCancelledGetsABuildOfTheirOwn() {
    BuildId stopping = scenario.queued("1.0.0");
    Lease lease = scenario.claim();
    assertThat(cancels.cancel(stopping, ANN)).isEqualTo(Outcome.STOPPING);

    assertThat(ask("1.0.0").builds()).doesNotContain(stopping);
    assertThat(queue.toCancel(List.of(lease.token()))).isNotEmpty();
  }

  private Recorded.Accepted ask(String... refs) {
    return ask(Stream.of(refs).map(ref -> entry(ref, "25")).toArray(Wanted[]::new));
  }

  private static Wanted entry(String ref, String otp) {
    return new Wanted(Optional.of(new Ref(ref)), Optional.of(OtpSelector.parse(otp)));
  }

  private Recorded.Accepted ask(Wanted... entries) {
    List<Wanted.OrBuilt> wanted =
        Stream.of(entries)
            .map(entry -> new Wanted.OrBuilt(entry, Optional.empty(), Optional.empty()))
            .toList();
    return (Recorded.Accepted)
        scenario.requests.record(
            new RequestStore.NewRequest(
                Scenario.DEMO,
                CloneUrl.parse("https://git.example.org/" + Scenario.DEMO + ".git"),
                Build.Origin.API,
                wanted));
  }

  @Test
  void oneThatHasEndedStaysAsItIs() {
    BuildId good = scenario.good(Scenario.DEMO, Scenario.tag("1.0.0", 1, "25.3"));

    cancels.cancel(good, ANN);

    assertThat(scenario.find(good).state()).isEqualTo(BuildState.SUCCEEDED);
  }

  @Test
  void aBuildKnowsItsPlaceAndWhenItWillBegin() {
    new NodeStore(scenario.jdbi).beat(Fleets.says(UUID.randomUUID(), 2, "25.3"), true);
    BuildId good = scenario.good(Scenario.DEMO, Scenario.tag("0.9.0", 1, "25.3"));
    scenario.sql(
        "update build set started_at = finished_at - interval '40 s' where id = ?", good.uuid());
    BuildId first = scenario.queued("1.0.0");
    BuildId second = scenario.queued("1.0.1");
    BuildId third = scenario.queued("1.0.2");

    Builders builders = Builders.of(nodes.all());
    Map<BuildId, Place> places = control.places(List.of(first, second, third, good), builders);

    assertThat(places).containsOnlyKeys(first, second, third);
    assertThat(at(places, first).begins()).contains(Duration.ZERO);
    assertThat(at(places, second).begins()).contains(Duration.ZERO);
    assertThat(at(places, third).number()).isEqualTo(3);
    assertThat(at(places, third).begins()).contains(Duration.ofSeconds(40));
    assertThat(at(places, third).usual()).contains(Duration.ofSeconds(40));
    assertThat(at(places, third).waitingFor()).isEmpty();
  }

  @Test
  void whatNobodyCanTakeSaysWhatItWaitsForAndIsBeforeNobody() {
    var _ = nodes.beat(Fleets.says(UUID.randomUUID(), 2, "25.3", "26.2"), true);
    BuildId stuck = ask(entry("2.0.0", "27.1")).builds().getFirst();
    BuildId next = scenario.queued("1.0.0");
    Builders builders = Builders.of(nodes.all());
    Map<BuildId, Place> places = control.places(List.of(stuck, next), builders);

    assertThat(at(places, stuck).waitingFor())
        .contains("No node that is up has Erlang/OTP 27.1; there are 26.2 and 25.3.");
    assertThat(at(places, stuck).begins()).isEmpty();
    assertThat(at(places, next).number()).isEqualTo(1);

    control.pause(true, ANN);
    assertThat(at(control.places(List.of(next), builders), next))
        .isEqualTo(
            new Place(
                1,
                Optional.empty(),
                Optional.empty(),
                true,
                Optional.of("The queue is paused: an administrator resumes it.")));
  }

  @Test
  void nodesThatAreDrainedOrDownOrOnlyAnswerTakeNothing() {
    UUID drained = UUID.randomUUID();
    UUID down = UUID.randomUUID();
    for (UUID each : List.of(drained, down)) {
      var _ = nodes.beat(Fleets.says(each, 2, "25.3"), true);
    }
    var _ = nodes.beat(Fleets.says(UUID.randomUUID(), 0), true);
    assertThat(Builders.of(nodes.all()).lack("25")).isEmpty();
    nodes.drain(drained, true, ANN);
    nodes.stopped(down);

    Builders builders = Builders.of(nodes.all());
    assertThat(builders.lack("")).contains("No node that is up takes builds.");
    assertThat(builders.lack("25")).contains("No node that is up takes builds.");
    assertThat(new Builders(true, List.of()).lack("25"))
        .contains("No node that is up has Erlang/OTP 25; there is none at all.");
  }

  private static Place at(Map<BuildId, Place> places, BuildId id) {
    return Objects.requireNonNull(places.get(id));
  }
}
