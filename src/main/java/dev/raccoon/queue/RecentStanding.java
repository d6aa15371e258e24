package dev.raccoon.queue;

import dev.raccoon.queue.QueueControlStore.Standing;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/** How the queue stands, read once for all figures that are made of it at one time. Thread-safe. */
public final class RecentStanding {
  private static final Duration FRESH = Duration.ofSeconds(1);

  private final QueueControlStore queue;
  private final Supplier<Builders> builders;
  private final Clock clock;
  private Instant when = Instant.EPOCH;
  private Standing standing = new Standing(0, 0, 0, Optional.empty());

  /**
   * How {@code queue} stands for {@code builders} to take from it, by {@code clock} at most {@link
   * #FRESH} old.
   */
  public RecentStanding(QueueControlStore queue, Supplier<Builders> builders, Clock clock) {
    this.queue = queue;
    this.builders = builders;
    this.clock = clock;
  }

  /** As it was read last, or now. */
  public synchronized Standing get() {
    if (!clock.instant().isBefore(when.plus(FRESH))) {
      standing = queue.standing(builders.get());
      when = clock.instant();
    }
    return standing;
  }
}
