package dev.raccoon.tool;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The first thing that Elixir's compiler refuses, with its place. */
final class ElixirError {
  private static final String PLACE =
      "([^\\s:]+?\\.(?:exs?|eex|leex|heex|erl|yrl|xrl):\\d++(?::\\d++)?)";

  /** Until 1.14, and of what is no syntax until 1.15: all in one line. */
  private static final Pattern PLACED =
      Pattern.compile("\\*\\* \\([A-Za-z0-9_.]++\\) (" + PLACE + ": .+)");

  /** Since 1.15 the words come first, and the place lines later: as it is, or below a frame. */
  private static final Pattern WORDS = Pattern.compile("\\s*+error: (.+)");

  private static final Pattern ITS_PLACE = Pattern.compile("\\s++(?:└─ )?" + PLACE + "(?::.*)?");
  private static final int MAX_FRAME_LINES = 30;

  private static final Pattern OTHER_WORDS = Pattern.compile("\\s*+warning: .*");

  /** What a module's own code raised while it was compiled. */
  private static final Pattern FILE = Pattern.compile("== Compilation error [io]n file (\\S++) ==");

  private static final Pattern EXCEPTION =
      Pattern.compile("\\s*+\\*\\* \\([A-Za-z0-9_.]++\\) (?!an exception was raised:)(.+)");
  private static final Pattern LOGGED = Pattern.compile(".*\\(errors have been logged\\).*");

  private ElixirError() {}

  static Optional<String> in(PrintedLines lines) {
    return framed(lines.all())
        .or(() -> lines.firstGroup(PLACED).filter(words -> !LOGGED.matcher(words).matches()))
        .or(() -> raised(lines));
  }

  private static Optional<String> framed(List<String> lines) {
    for (int i = 0; i < lines.size(); i++) {
      Matcher words = WORDS.matcher(lines.get(i));
      if (words.matches()) {
        Optional<String> place =
            place(lines.subList(i + 1, Math.min(lines.size(), i + 1 + MAX_FRAME_LINES)));
        if (place.isPresent()) {
          return Optional.of(PrintedLines.cut(place.get() + ": " + words.group(1)));
        }
      }
    }
    return Optional.empty();
  }

  /** The one that comes before anything else is said. */
  private static Optional<String> place(List<String> lines) {
    for (String line : lines) {
      Matcher place = ITS_PLACE.matcher(line);
      if (place.matches()) {
        return Optional.of(place.group(1));
      }
      if (WORDS.matcher(line).matches() || OTHER_WORDS.matcher(line).matches()) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  private static Optional<String> raised(PrintedLines lines) {
    return lines
        .firstGroup(FILE)
        .flatMap(file ->
            lines.since(FILE).all().stream()
                .map(EXCEPTION::matcher)
                .filter(Matcher::matches)
                .findFirst()
                .map(exception ->
                    exception.group(1).startsWith(file)
                        ? exception.group(1)
                        : file + ": " + exception.group(1))
                .map(PrintedLines::cut));
  }
}
