package dev.raccoon.catalog;

import static dev.raccoon.catalog.Scenario.DEMO;
import static dev.raccoon.catalog.Scenario.LOG;
import static dev.raccoon.catalog.Scenario.artifact;
import static dev.raccoon.catalog.Scenario.tag;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raccoon.queue.Claims;
import dev.raccoon.queue.Lease;
import dev.raccoon.queue.LostLeaseException;
import dev.raccoon.value.BuildId;
import dev.raccoon.value.Limit;
import dev.raccoon.value.Peaks;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FencingTest {
  private final Scenario scenario = new Scenario();

  @AfterEach
  void close() {
    scenario.close();
  }

  /** Every way in which a node writes of a build. */
  enum Write {
    STAGE,
    USED,
    RAN_INTO,
    RESOLVE,
    SUCCEED,
    SUCCEED_AS,
    FAIL,
    FAIL_WITHOUT_LOG,
    CANCEL,
    TRY_AGAIN,
    APPEND_TO_LOG;

    void by(Scenario scenario, Lease lease, BuildId good) {
      switch (this) {
        case STAGE -> scenario.leased.stage(lease, "compile");
        case USED ->
            scenario.leased.used(lease, new BuildUse(new Peaks(1, 1, 1, 1), Optional.empty()));
        case RAN_INTO -> scenario.leased.ranInto(lease, Limit.ARTIFACT);
        case RESOLVE -> scenario.resolutions.resolve(lease, tag("2.0.0", 2, "25.3", "27"));
        case SUCCEED ->
            scenario.leased.succeed(lease, "Another", List.of(artifact("a", true)), LOG);
        case SUCCEED_AS -> scenario.leased.succeedAs(lease, good, LOG);
        case FAIL -> scenario.leased.fail(lease, FailureKind.COMPILE, "No.", LOG);
        case FAIL_WITHOUT_LOG -> scenario.leased.failWithoutLog(lease, FailureKind.COMPILE, "No.");
        case CANCEL -> scenario.leased.cancel(lease, "Cancelled.", LOG);
        case TRY_AGAIN -> scenario.leased.tryAgain(lease, Duration.ZERO, "Again.");
        case APPEND_TO_LOG -> scenario.logs.append(lease, 0, "stale".getBytes(UTF_8));
      }
    }
  }

  @Test
  void everyMethodThatTakesALeaseIsTriedHere() {
    long methods =
        List.of(LeasedBuildStore.class, ResolutionStore.class, LogStore.class).stream()
            .flatMap(store -> Arrays.stream(store.getMethods()))
            .filter(method -> List.of(method.getParameterTypes()).contains(Lease.class))
            .count();

    assertThat(Write.values()).hasSize((int) methods);
  }

  @ParameterizedTest
  @EnumSource
  void aWriteUnderTheLeaseOfTheNodeBeforeChangesNothing(Write write) {
    BuildId good = scenario.good(DEMO, tag("1.0.0", 1, "25.3"));
    scenario.queued("2.0.0");
    Lease stale = scenario.claim();
    Lease now = Claims.takenOver(scenario.jdbi, stale);
    scenario.logs.append(now, 0, "the new node's".getBytes(UTF_8));

    assertLost(write, stale, good);
  }

  @ParameterizedTest
  @EnumSource
  void aWriteAfterTheEndChangesNothing(Write write) {
    BuildId good = scenario.good(DEMO, tag("1.0.0", 1, "25.3"));
    scenario.queued("2.0.0");
    Lease ended = scenario.claim();
    scenario.leased.fail(ended, FailureKind.SOURCE, "There is no such tag.", LOG);

    assertLost(write, ended, good);
  }

  @ParameterizedTest
  @EnumSource
  void aLeaseOfOneBuildIsNoneOfAnother(Write write) {
    BuildId good = scenario.good(DEMO, tag("1.0.0", 1, "25.3"));
    scenario.queued("2.0.0");
    scenario.queued("2.0.1");
    Lease one = scenario.claim();
    Lease other = scenario.claim();

    assertLost(write, new Lease(one.build(), other.token()), good);
    assertLost(write, new Lease(scenario.unknown(), one.token()), good);
    assertLost(write, new Lease(one.build(), UUID.randomUUID()), good);
  }

  @ParameterizedTest
  @EnumSource
  void aWriteUnderTheLeaseThatHoldsChangesSomething(Write write) {
    BuildId good = scenario.good(DEMO, tag("1.0.0", 1, "25.3"));
    scenario.queued("2.0.0");
    Lease lease = scenario.claim();
    // What every end but a failure needs.
    if (write != Write.RESOLVE) {
      scenario.resolutions.resolve(lease, tag("2.0.0", 2, "25.3"));
    }
    List<String> before = scenario.everything();

    write.by(scenario, lease, good);

    assertThat(scenario.everything()).isNotEqualTo(before);
  }

  private void assertLost(Write write, Lease lease, BuildId good) {
    List<String> before = scenario.everything();
    assertThatThrownBy(() -> write.by(scenario, lease, good))
        .isInstanceOf(LostLeaseException.class);
    assertThat(scenario.everything()).isEqualTo(before);
  }
}
