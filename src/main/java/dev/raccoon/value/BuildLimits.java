package dev.raccoon.value;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/**
 * How much of everything one build may have: an amount from 1 to {@link #MOST} for each {@link
 * Limit}.
 */
public record BuildLimits(Map<Limit, Long> amounts) {
  /** A pebibyte, say: sums of a few of them are still numbers. */
  public static final long MOST = 1L << 50;

  public BuildLimits {
    for (Limit limit : Limit.values()) {
      Long amount = amounts.get(limit);
      if (amount == null || amount < 1 || amount > MOST) {
        throw new IllegalArgumentException(
            limit + " must be from 1 to " + MOST + ", not " + amount);
      }
    }
    amounts = Map.copyOf(amounts);
  }

  /** The amount of {@code limit}, in its unit. */
  public long amount(Limit limit) {
    Long amount = amounts.get(limit);
    if (amount == null) {
      throw new IllegalStateException("without " + limit);
    }
    return amount;
  }

  /** The time of {@code limit}, which counts milliseconds. */
  public Duration time(Limit limit) {
    return Duration.ofMillis(amount(limit));
  }

  /** These, but for those that {@code overrides} names. */
  public BuildLimits with(Map<Limit, Long> overrides) {
    Map<Limit, Long> all = new EnumMap<>(amounts);
    all.putAll(overrides);
    return new BuildLimits(all);
  }
}
