package dev.raccoon.value;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.UUID;

/**
 * Makes ids that sort by the time they were made at and cannot be guessed: UUID version 7, RFC
 * 9562.
 */
public final class TimeOrderedId {
  private static final SecureRandom RANDOM = new SecureRandom();

  private TimeOrderedId() {}

  /** A new id for now by {@code clock}. */
  public static UUID next(Clock clock) {
    long time = clock.millis() << 16;
    long version = 0x7000L | (RANDOM.nextInt() & 0x0fffL);
    long variant = 0x8000_0000_0000_0000L | (RANDOM.nextLong() >>> 2);
    return new UUID(time | version, variant);
  }
}
