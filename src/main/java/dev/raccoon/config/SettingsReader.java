package dev.raccoon.config;

import dev.raccoon.value.Quantity;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads settings by name and type, remembers which names are known, and refuses the others. */
final class SettingsReader {
  private static final String OURS = "RACCOON_";
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

  private final Map<String, String> values;
  private final Set<String> known = new TreeSet<>();

  SettingsReader(Map<String, String> values) {
    this.values = Map.copyOf(values);
  }

  Optional<String> text(String name) {
    known.add(name);
    return Optional.ofNullable(values.get(name)).map(String::strip).filter(s -> !s.isEmpty());
  }

  <T> T parsed(String name, T whenUnset, Function<String, T> parse) {
    return text(name).map(raw -> parse(name, raw, parse)).orElse(whenUnset);
  }

  int number(String name, int whenUnset, int least, int most) {
    return parsed(
        name,
        whenUnset,
        raw -> {
          int n = NUMBER.matcher(raw).matches() ? Integer.parseInt(raw) : -1;
          if (n < least || n > most) {
            throw new SettingsException(
                "a number from " + least + " to " + most + " was expected, not " + raw);
          }
          return n;
        });
  }

  boolean flag(String name, boolean whenUnset) {
    return parsed(
        name,
        whenUnset,
        raw ->
            switch (raw) {
              case "true" -> true;
              case "false" -> false;
              default -> throw new SettingsException("true or false was expected, not " + raw);
            });
  }

  /** A time limit, which is never zero: nothing would be in time. */
  Duration duration(String name, Duration whenUnset) {
    return duration(name, whenUnset, Duration.ofMillis(1));
  }

  Duration duration(String name, Duration whenUnset, Duration least) {
    return parsed(name, whenUnset, raw -> parseDuration(raw, least));
  }

  long bytes(String name, long whenUnset, long least, long most) {
    return parsed(name, whenUnset, raw -> parseSize(raw, least, most));
  }

  <T> List<T> list(String name, String separator, Function<String, T> parse) {
    return text(name).stream()
        .flatMap(raw -> Arrays.stream(raw.split(Pattern.quote(separator))))
        .map(String::strip)
        .filter(s -> !s.isEmpty())
        .map(raw -> parse(name, raw, parse))
        .toList();
  }

  /** Refuses names that begin as ours do and that nobody asked for: a misspelt setting. */
  void refuseUnknown() {
    refuseUnknown(values.keySet().stream().filter(name -> name.startsWith(OURS)).toList());
  }

  /** Refuses those of {@code names} that nobody asked for. */
  void refuseUnknown(Collection<String> names) {
    names.stream()
        .filter(name -> !known.contains(name))
        .sorted()
        .findFirst()
        .ifPresent(name -> {
          String list =
              known.stream().filter(one -> one.startsWith(OURS)).collect(Collectors.joining(", "));
          throw new SettingsException("There is no setting " + name + ". There are: " + list + ".");
        });
  }

  private static <T> T parse(String name, String raw, Function<String, T> parse) {
    try {
      return parse.apply(raw);
    } catch (RuntimeException e) {
      throw new SettingsException(name + ": " + e.getMessage());
    }
  }

  private static Duration parseDuration(String raw, Duration least) {
    Duration duration = Quantity.duration(raw).orElse(Duration.ofMillis(-1));
    if (!duration.isNegative() && least.compareTo(duration) > 0 && least.toSeconds() > 0) {
      throw new SettingsException(
          "a duration of at least " + least.toSeconds() + "s was expected, not " + raw);
    }
    if (duration.compareTo(least) < 0) {
      throw new SettingsException("a duration such as 90s, 15m or 2h was expected, not " + raw);
    }
    return duration;
  }

  private static long parseSize(String raw, long least, long most) {
    long bytes = Quantity.bytes(raw).orElse(-1);
    if (bytes < least) {
      throw new SettingsException("a size such as 512MiB or 2GiB was expected, not " + raw);
    }
    if (bytes > most) {
      throw new SettingsException(
          "a size of at most " + (most >> 20) + "MiB was expected, not " + raw);
    }
    return bytes;
  }
}
