package dev.raccoon.queue;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/** Claims for other packages' tests, without a worker. */
public final class Claims {
  /** A node that takes whatever there is. */
  static final Fleet.Keys ANYTHING = new Fleet.Keys(Set.of(), Set.of());

  private Claims() {}

  /** The next build's lease, for a minute. */
  public static Lease next(Jdbi jdbi) {
    return new QueueStore(jdbi)
        .claim(UUID.randomUUID(), ANYTHING, Duration.ofMinutes(1))
        .orElseThrow();
  }

  /** How many builds wait, and how many run. */
  record Depth(long waiting, long running) {}

  static Depth depth(Jdbi jdbi) {
    QueueControlStore.Standing now =
        new QueueControlStore(jdbi).standing(new Builders(true, List.of()));
    return new Depth(now.waiting(), now.running());
  }

  /** Lets the lease run out and another node take the build over. */
  public static Lease takenOver(Jdbi jdbi, Lease lease) {
    jdbi.useHandle(handle ->
        handle.execute(
            "update build set lease_until = now() - interval '1 second' where lease = ?",
            lease.token()));
    if (new QueueStore(jdbi).recoverExpired().again() != 1) {
      throw new IllegalStateException("the lease had not run out");
    }
    return next(jdbi);
  }
}
