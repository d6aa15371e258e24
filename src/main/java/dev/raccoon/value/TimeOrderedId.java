package dev.raccoon.value;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes ids that sort in the order in which this process made them and cannot be guessed: UUID
 * version 7, RFC 9562. Thread-safe.
 */
public final class TimeOrderedId {
  private static final SecureRandom RANDOM = new SecureRandom();

  /** Of a stamp: a time in milliseconds, and below it a counter, as RFC 9562 has it in 6.2. */
  private static final int COUNTER_BITS = 12;

  /** A clock that was set back by more than this is believed. */
  private static final long MOST_AHEAD = 1000L << COUNTER_BITS;

  private static final AtomicLong LAST = new AtomicLong();

  private TimeOrderedId() {}

  /** A new id of this moment, by {@code clock}. */
  public static UUID next(Clock clock) {
    long now = clock.millis() << COUNTER_BITS;
    // Each millisecond begins in the lower half of its counter, so that there is room above.
    long begin = now | RANDOM.nextInt(1 << (COUNTER_BITS - 1));
    long stamp = LAST.updateAndGet(last -> isAhead(last, now) ? last + 1 : begin);
    long time = stamp >>> COUNTER_BITS << 16;
    long version = 0x7000L | (stamp & 0x0fffL);
    long variant = 0x8000_0000_0000_0000L | (RANDOM.nextLong() >>> 2);
    return new UUID(time | version, variant);
  }

  /** A counter that ran over has borrowed from the next millisecond, so it may be ahead of time. */
  private static boolean isAhead(long last, long now) {
    return last >= now && last - now < MOST_AHEAD;
  }
}
