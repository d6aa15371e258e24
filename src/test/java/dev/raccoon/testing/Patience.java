package dev.raccoon.testing;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits for conditions instead of for times. */
public final class Patience {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration PAUSE = Duration.ofMillis(20);

  private Patience() {}

  /** Asks again and again until there is something, for a minute at most. */
  public static <T> T await(Supplier<Optional<T>> condition) {
    return await(LIMIT, condition);
  }

  /** The same, for {@code limit} at most. */
  public static <T> T await(Duration limit, Supplier<Optional<T>> condition) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (System.nanoTime() < deadline) {
      Optional<T> found = condition.get();
      if (found.isPresent()) {
        return found.get();
      }
      LockSupport.parkNanos(PAUSE.toNanos());
      if (Thread.currentThread().isInterrupted()) {
        throw new IllegalStateException("interrupted");
      }
    }
    throw new AssertionError("still not so after " + limit.toSeconds() + " s");
  }
}
