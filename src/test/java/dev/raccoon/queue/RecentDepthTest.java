package dev.raccoon.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.catalog.Scenario;
import dev.raccoon.queue.QueueStore.Depth;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class RecentDepthTest {
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));

  @Test
  void itIsReadOnceInASecond() {
    try (Scenario scenario = new Scenario()) {
      InstantSource source = now::get;
      Clock clock = source.withZone(ZoneOffset.UTC);
      RecentDepth recent = new RecentDepth(new QueueStore(scenario.jdbi), clock);
      assertThat(recent.depth()).isEqualTo(new Depth(0, 0));
      scenario.queued("1.0.0");

      assertThat(recent.depth()).isEqualTo(new Depth(0, 0));
      now.updateAndGet(time -> time.plus(Duration.ofSeconds(1)));
      assertThat(recent.depth()).isEqualTo(new Depth(1, 0));
    }
  }
}
