package dev.raccoon.value;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Amounts of a {@link Limit} as people write them, and which of them make sense. */
public final class LimitAmount {
  /** The log of a build that runs lies in the database. */
  private static final long MAX_LOG_BYTES = 256L << 20;

  private LimitAmount() {}

  /**
   * The least and the most that a limit can be set to, in its unit: with less no build could go
   * well.
   */
  public record Range(long least, long most) {}

  /** The range of {@code limit}. */
  public static Range range(Limit limit) {
    return switch (limit) {
      case TIME, SILENCE -> new Range(1, Duration.ofHours(999_999).toMillis());
      case MEMORY -> new Range(64L << 20, BuildLimits.MOST);
      case PROCESSES -> new Range(32, 1_000_000);
      case DISK -> new Range(1L << 20, BuildLimits.MOST);
      case FILES -> new Range(100, 100_000_000);
      case OPEN_FILES -> new Range(64, 1_000_000);
      case LOG -> new Range(1, MAX_LOG_BYTES);
      case ARTIFACT -> new Range(1, BuildLimits.MOST);
    };
  }

  /**
   * The limit that people call {@code key}.
   *
   * @throws InvalidValueException when there is none, with all that there are
   */
  public static Limit limit(String key) {
    return Limit.of(key)
        .orElseThrow(() ->
            new InvalidValueException(
                "There is no such limit. There are: "
                    + Stream.of(Limit.values()).map(Limit::key).collect(Collectors.joining(", "))
                    + "."));
  }

  /**
   * The amount that {@code raw} says: {@code 30m}, {@code 4GiB} or a bare number of the limit's
   * unit.
   *
   * @throws InvalidValueException when it says none, or one out of range
   */
  public static long parse(Limit limit, String raw) {
    OptionalLong bare =
        raw.matches("[0-9]{1,18}") ? OptionalLong.of(Long.parseLong(raw)) : OptionalLong.empty();
    OptionalLong amount =
        bare.isPresent()
            ? bare
            : switch (limit.unit()) {
              case MILLISECONDS ->
                  Quantity.duration(raw)
                      .map(time -> OptionalLong.of(time.toMillis()))
                      .orElse(OptionalLong.empty());
              case BYTES -> Quantity.bytes(raw);
              case COUNT -> OptionalLong.empty();
            };
    return checked(limit, amount.orElseThrow(() -> wrong(limit)));
  }

  /** {@code amount}, if {@code limit} can be set to it. */
  public static long checked(Limit limit, long amount) {
    Range range = range(limit);
    if (amount < range.least() || amount > range.most()) {
      throw wrong(limit);
    }
    return amount;
  }

  private static InvalidValueException wrong(Limit limit) {
    Range range = range(limit);
    String unit =
        switch (limit.unit()) {
          case MILLISECONDS -> "a time such as 90s, 30m or 2h, or a number of milliseconds";
          case BYTES -> "a size such as 512MiB or 4GiB, or a number of bytes";
          case COUNT -> "a number";
        };
    return new InvalidValueException(
        "%s must be %s, from %d to %d.".formatted(limit.key(), unit, range.least(), range.most()));
  }
}
