package dev.raccoon.value;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/** How much of everything one build may have: an amount, at least 1, for each {@link Limit}. */
public record BuildLimits(Map<Limit, Long> amounts) {
  public BuildLimits {
    for (Limit limit : Limit.values()) {
      Long amount = amounts.get(limit);
      if (amount == null || amount < 1) {
        throw new IllegalArgumentException(limit + " must be at least 1, not " + amount);
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
