package dev.raccoon.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.catalog.Scenario;
import dev.raccoon.queue.QueueControlStore.Standing;
import dev.raccoon.value.OtpVersion;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class RecentStandingTest {
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));

  @Test
  void itIsReadOnceInASecondAndTellsWhatNobodyCanTake() {
    try (Scenario scenario = new Scenario()) {
      InstantSource source = now::get;
      Clock clock = source.withZone(ZoneOffset.UTC);
      AtomicReference<Builders> builders =
          new AtomicReference<>(new Builders(true, List.of(new OtpVersion("25.3"))));
      RecentStanding recent =
          new RecentStanding(new QueueControlStore(scenario.jdbi), builders::get, clock);
      assertThat(recent.get()).isEqualTo(standing(0, 0));
      scenario.queued("1.0.0");

      assertThat(recent.get()).isEqualTo(standing(0, 0));
      now.updateAndGet(time -> time.plus(Duration.ofSeconds(1)));
      assertThat(recent.get()).isEqualTo(standing(1, 0));

      builders.set(new Builders(true, List.of(new OtpVersion("26.1"))));
      now.updateAndGet(time -> time.plus(Duration.ofSeconds(1)));
      assertThat(recent.get()).isEqualTo(standing(1, 1));
    }
  }

  private static Standing standing(long waiting, long stuck) {
    return new Standing(waiting, 0, stuck, Optional.empty());
  }
}
