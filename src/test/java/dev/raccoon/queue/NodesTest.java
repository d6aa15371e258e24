package dev.raccoon.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.access.Actor;
import dev.raccoon.catalog.Scenario;
import dev.raccoon.value.OtpSelector;
import dev.raccoon.value.OtpVersion;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What nodes know of one another. */
class NodesTest {
  private static final Actor ADA = Actor.commandLine("ada");
  private static final Builders ANYBODY = new Builders(true, List.of());
  private static final OtpSelector MAJOR = OtpSelector.parse("25");

  private final Scenario scenario = new Scenario();
  private final NodeStore nodes = new NodeStore(scenario.jdbi);
  private final UUID one = UUID.randomUUID();
  private final UUID other = UUID.randomUUID();

  @AfterEach
  void close() {
    scenario.close();
  }

  @Test
  void aMajorReleaseIsBuiltWhereItsNewestVersionIs() {
    Fleet old = Fleets.of(scenario.jdbi, one, "25.2", "26.1");
    Fleet young = Fleets.of(scenario.jdbi, other, "25.3");
    old.beat(true);
    young.beat(true);
    old.beat(false);

    assertThat(old.isBuiltHere(MAJOR)).isFalse();
    assertThat(young.isBuiltHere(MAJOR)).isTrue();
    assertThat(old.newest(MAJOR)).contains(new OtpVersion("25.3"));
    assertThat(old.keys().mine()).containsExactlyInAnyOrder("", "25.2", "26", "26.1");
    assertThat(young.keys().mine()).containsExactlyInAnyOrder("", "25", "25.3");
    assertThat(old.keys().known())
        .isEqualTo(young.keys().known())
        .containsExactlyInAnyOrder("", "25", "25.2", "25.3", "26", "26.1");
  }

  @Test
  void aNodeThatFellSilentBuildsNothingButIsRememberedForAWhile() {
    Fleet old = Fleets.of(scenario.jdbi, one, "25.2");
    Fleets.of(scenario.jdbi, other, "25.3", "27.0").beat(true);
    scenario.sql("update node set seen_at = now() - interval '20 s' where id = ?", other);
    old.beat(true);

    assertThat(old.isBuiltHere(MAJOR)).isTrue();
    assertThat(old.nodesUp()).isEqualTo(1);
    assertThat(old.newest(OtpSelector.parse("27"))).isEmpty();
    assertThat(old.keys().known()).contains("27");

    scenario.sql("update node set seen_at = now() - interval '2 h' where id = ?", other);
    old.beat(false);
    assertThat(old.keys().known()).doesNotContain("27");
  }

  @Test
  void aNodeThatStoppedIsNotUpAndIsAgainWhenItStarts() {
    Fleet fleet = Fleets.of(scenario.jdbi, one, "25.2");
    fleet.beat(true);
    fleet.stop();
    assertThat(nodes.all()).singleElement().matches(node -> !node.up());
    fleet.beat(true);
    assertThat(nodes.all()).singleElement().matches(Node::up);
  }

  @Test
  void aNodeThatIsDrainedTakesNothingUntilItIsResumedAndBothAreAudited() {
    QueueStore queue = new QueueStore(scenario.jdbi);
    Fleet fleet = Fleets.of(scenario.jdbi, one, "25.2");
    fleet.beat(true);
    var _ = scenario.queued("1.0.0");

    assertThat(nodes.drain(one, true, ADA)).isTrue();
    assertThat(nodes.drain(other, true, ADA)).isFalse();
    assertThat(queue.claim(one, fleet.keys(), Duration.ofMinutes(1))).isEmpty();

    nodes.drain(one, false, ADA);
    assertThat(queue.claim(one, fleet.keys(), Duration.ofMinutes(1))).isPresent();
    List<String> acts =
        scenario.jdbi.withHandle(handle ->
            handle.select("select act from audit order by id").mapTo(String.class).list());
    assertThat(acts).containsExactly("node.drain", "node.resume");
  }

  @Test
  void aPausedQueueGivesNothingToAnybody() {
    QueueStore queue = new QueueStore(scenario.jdbi);
    QueueControlStore control = new QueueControlStore(scenario.jdbi);
    var _ = scenario.queued("1.0.0");

    control.pause(true, ADA);
    control.pause(true, ADA);
    assertThat(queue.claim(one, Claims.ANYTHING, Duration.ofMinutes(1))).isEmpty();
    assertThat(control.standing(ANYBODY).pause().orElseThrow().by())
        .isEqualTo("command line as ada");

    control.pause(false, ADA);
    assertThat(control.standing(ANYBODY).pause()).isEmpty();
    assertThat(queue.claim(one, Claims.ANYTHING, Duration.ofMinutes(1))).isPresent();
  }

  @Test
  void whatOnlyANodeHasThatCannotBuildNobodyBuildsAndItWaits() {
    AtomicBoolean works = new AtomicBoolean(false);
    Fleet broken =
        new Fleet(
            nodes,
            () ->
                works.get()
                    ? Fleets.says(one, 2, "25.2", "27.1")
                    : Fleets.cannotBuild(one, "25.2", "27.1"));
    broken.beat(true);
    assertThat(broken.builders().lack("25")).contains("No node that is up takes builds.");
    assertThat(broken.nodesUp()).isZero();
    assertThat(broken.keys().mine()).isEmpty();

    Fleet sound = Fleets.of(scenario.jdbi, other, "25.3");
    sound.beat(true);
    broken.beat(false);
    for (Fleet fleet : List.of(broken, sound)) {
      assertThat(fleet.nodesUp()).isEqualTo(1);
      assertThat(fleet.builders().lack("25")).isEmpty();
      assertThat(fleet.builders().lack("27"))
          .contains("No node that is up has Erlang/OTP 27; there is 25.3.");
      assertThat(fleet.isBuiltSomewhere(Optional.of(OtpSelector.parse("27")))).isFalse();
    }
    assertThat(sound.keys().known()).as("the other does not fail it").contains("27", "27.1");

    works.set(true);
    broken.beat(false);
    sound.beat(false);
    assertThat(sound.builders().lack("27")).isEmpty();
    assertThat(sound.nodesUp()).isEqualTo(2);
  }

  @Test
  void whileTheOnlyNodeThatBuildsBeginsNothingItsReasonIsToldAndAnotherNodesIsNot() {
    Node.Announcement me = Fleets.says(one, 2, "25.2");
    Fleet full =
        new Fleet(
            nodes,
            () ->
                new Node.Announcement(
                    me.id(),
                    me.name(),
                    me.processor(),
                    me.program(),
                    me.slots(),
                    me.otp(),
                    Optional.of("Its disk is full.")));
    full.beat(true);
    assertThat(full.builders().lack("25")).contains("Its disk is full.");
    assertThat(full.builders().lack("26"))
        .contains("No node that is up has Erlang/OTP 26; there is 25.2.");

    Fleets.of(scenario.jdbi, other, "25.3").beat(true);
    full.beat(false);
    assertThat(full.builders().lack("25")).isEmpty();
  }

  @Test
  void aNodeThatOnlyAnswersBuildsNothing() {
    Fleet answers = new Fleet(nodes, () -> Fleets.says(one, 0));
    answers.beat(true);
    assertThat(answers.keys().mine()).isEmpty();
    assertThat(answers.nodesUp()).isZero();
    assertThat(answers.isBuiltSomewhere(Optional.empty())).isFalse();
    Fleets.of(scenario.jdbi, other, "25.2").beat(true);
    answers.beat(false);
    assertThat(answers.nodesUp()).isEqualTo(1);
    assertThat(answers.newest(MAJOR)).contains(new OtpVersion("25.2"));
  }
}
