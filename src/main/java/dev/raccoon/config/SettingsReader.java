package dev.raccoon.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads settings by name and type, remembers which names are known, and refuses the others. */
final class SettingsReader {
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");
  private static final Pattern SIZE = Pattern.compile("([0-9]{1,12})(|B|KiB|MiB|GiB)");

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
          int n = Integer.parseInt(raw);
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

  Duration duration(String name, Duration whenUnset) {
    return parsed(name, whenUnset, SettingsReader::parseDuration);
  }

  long bytes(String name, long whenUnset) {
    return parsed(name, whenUnset, SettingsReader::parseSize);
  }

  List<String> list(String name, String separator) {
    return text(name).stream()
        .flatMap(raw -> Arrays.stream(raw.split(Pattern.quote(separator))))
        .map(String::strip)
        .filter(s -> !s.isEmpty())
        .toList();
  }

  /** Refuses names that begin as ours do and that nobody asked for: a misspelt setting. */
  void refuseUnknown(String prefix) {
    values.keySet().stream()
        .filter(name -> name.startsWith(prefix) && !known.contains(name))
        .sorted()
        .findFirst()
        .ifPresent(name -> {
          throw new SettingsException(
              "There is no setting " + name + ". There are: " + String.join(", ", known) + ".");
        });
  }

  private static <T> T parse(String name, String raw, Function<String, T> parse) {
    try {
      return parse.apply(raw);
    } catch (NumberFormatException e) {
      throw new SettingsException(name + ": a number was expected, not " + raw);
    } catch (RuntimeException e) {
      throw new SettingsException(name + ": " + e.getMessage());
    }
  }

  private static Duration parseDuration(String raw) {
    Matcher form = DURATION.matcher(raw);
    if (!form.matches()) {
      throw new SettingsException("a duration such as 90s, 15m or 2h was expected, not " + raw);
    }
    long n = Long.parseLong(form.group(1));
    return switch (form.group(2)) {
      case "ms" -> Duration.ofMillis(n);
      case "s" -> Duration.ofSeconds(n);
      case "m" -> Duration.ofMinutes(n);
      default -> Duration.ofHours(n);
    };
  }

  private static long parseSize(String raw) {
    Matcher form = SIZE.matcher(raw);
    if (!form.matches()) {
      throw new SettingsException("a size such as 512MiB or 2GiB was expected, not " + raw);
    }
    int shift =
        switch (form.group(2)) {
          case "KiB" -> 10;
          case "MiB" -> 20;
          case "GiB" -> 30;
          default -> 0;
        };
    return Math.multiplyExact(Long.parseLong(form.group(1)), 1L << shift);
  }
}
