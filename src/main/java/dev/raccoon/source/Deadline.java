package dev.raccoon.source;

import java.time.Duration;

/**
 * The end of a time limit that several commands share, on the machine's monotonic clock.
 *
 * @param whole how long all of it was
 */
record Deadline(long nanoTime, Duration whole) {
  static Deadline in(Duration time) {
    return new Deadline(System.nanoTime() + time.toNanos(), time);
  }

  /** What is left of it, never negative. */
  Duration left() {
    return Duration.ofNanos(Math.max(0, nanoTime - System.nanoTime()));
  }
}
