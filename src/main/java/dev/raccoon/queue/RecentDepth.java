package dev.raccoon.queue;

import dev.raccoon.queue.QueueStore.Depth;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** The queue's depth, read once for all figures that are made of it at one time. Thread-safe. */
public final class RecentDepth {
  private static final Duration FRESH = Duration.ofSeconds(1);

  private final QueueStore queue;
  private final Clock clock;
  private Instant when = Instant.EPOCH;
  private Depth depth = new Depth(0, 0);

  /** The depth of {@code queue}, by {@code clock} at most {@link #FRESH} old. */
  public RecentDepth(QueueStore queue, Clock clock) {
    this.queue = queue;
    this.clock = clock;
  }

  /** The depth as it was read last, or now. */
  public synchronized Depth depth() {
    if (!clock.instant().isBefore(when.plus(FRESH))) {
      depth = queue.depth();
      when = clock.instant();
    }
    return depth;
  }
}
