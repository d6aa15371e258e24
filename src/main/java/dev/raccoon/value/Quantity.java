package dev.raccoon.value;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times and sizes as people write them: {@code 90s}, {@code 15m}; {@code 512MiB}, {@code 2GiB}. */
public final class Quantity {
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,6})(ms|s|m|h)");
  private static final Pattern SIZE = Pattern.compile("([0-9]{1,12})(|B|KiB|MiB|GiB)");

  private Quantity() {}

  /** The duration that {@code raw} says, if it says one. */
  public static Optional<Duration> duration(String raw) {
    Matcher form = DURATION.matcher(raw);
    if (!form.matches()) {
      return Optional.empty();
    }
    long n = Long.parseLong(form.group(1));
    return Optional.of(
        switch (form.group(2)) {
          case "ms" -> Duration.ofMillis(n);
          case "s" -> Duration.ofSeconds(n);
          case "m" -> Duration.ofMinutes(n);
          default -> Duration.ofHours(n);
        });
  }

  /** The bytes that {@code raw} says, if it says a number that a long holds. */
  public static OptionalLong bytes(String raw) {
    Matcher form = SIZE.matcher(raw);
    if (!form.matches()) {
      return OptionalLong.empty();
    }
    int shift =
        switch (form.group(2)) {
          case "KiB" -> 10;
          case "MiB" -> 20;
          case "GiB" -> 30;
          default -> 0;
        };
    long n = Long.parseLong(form.group(1));
    return n <= Long.MAX_VALUE >> shift ? OptionalLong.of(n << shift) : OptionalLong.empty();
  }
}
