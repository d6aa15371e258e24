package dev.raccoon.tool;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The first thing that a compiler refuses: that of Erlang, in each of its forms, or one of C. */
final class CompilerError {
  private static final String PLACE = "(?:\\d++(?::\\d++)?|\\{\\d++,\\d++\\}|none)";

  /** What rebar3 quotes, whatever its compiler reads. */
  private static final Pattern QUOTED =
      Pattern.compile("\\s*+[^\\s:]++:" + PLACE + ": (?!Warning:).+");

  /** What erlc prints; a path of a module, so that nothing else is taken for it. */
  private static final Pattern OF_ERLANG =
      Pattern.compile(
          "\\s*+[^\\s:]*?\\.(?:erl|hrl|xrl|yrl|core|asn1?|mib|S):" + PLACE + ": (?!Warning:).+");

  private static final String GIVES_UP = "cannot parse file, giving up";

  /** It follows from having given up, and is said before the reason. */
  private static final String NO_MODULE = "no module definition";

  private static final Pattern OF_C =
      Pattern.compile("\\s*+[^\\s:]++:\\d++(?::\\d++)?: (?:fatal )?error: .+");
  private static final Pattern OF_LINKER =
      Pattern.compile(".*(?:undefined reference to|multiple definition of) .+");

  /** rebar3's frame, since 3.22: the file, then the line as it is written, then what is wrong. */
  private static final Pattern FRAME_FILE = Pattern.compile("\\s*+┌─ (\\S+?):");

  private static final Pattern FRAME_LINE = Pattern.compile("\\s*+(\\d++) [│|] .*");
  private static final Pattern FRAME_WORDS =
      Pattern.compile("\\s*+[│|]\\s*+(?:╰──|\\^--) (?!Warning:)(.+)");

  private CompilerError() {}

  /** The first that rebar3 quotes. */
  static Optional<String> quoted(PrintedLines lines) {
    String file = "";
    String number = "";
    for (String line : lines.all()) {
      if (QUOTED.matcher(line).matches()) {
        return Optional.of(PrintedLines.cut(reason(line, lines)));
      }
      file = group(FRAME_FILE, line).orElse(file);
      number = group(FRAME_LINE, line).orElse(number);
      Optional<String> words = group(FRAME_WORDS, line);
      if (words.isPresent() && !file.isEmpty()) {
        return Optional.of(PrintedLines.cut(file + ":" + number + ": " + words.get()));
      }
    }
    return Optional.empty();
  }

  /** The first that erlc prints. */
  static Optional<String> ofErlang(PrintedLines lines) {
    return lines.first(OF_ERLANG).map(line -> PrintedLines.cut(reason(line, lines)));
  }

  /** Why the compiler gives up at a place, it says after all that follows from it. */
  private static String reason(String first, PrintedLines lines) {
    String stripped = first.strip();
    if (!stripped.endsWith(GIVES_UP)) {
      return first;
    }
    String place = stripped.substring(0, stripped.length() - GIVES_UP.length());
    return lines.all().stream()
        .filter(line -> line.strip().startsWith(place) && !line.strip().equals(stripped))
        .min(Comparator.comparing(line -> line.strip().endsWith(NO_MODULE)))
        .orElse(first);
  }

  /** The first that a compiler of C prints, or its linker. */
  static Optional<String> ofC(PrintedLines lines) {
    return lines.first(OF_C).or(() -> lines.first(OF_LINKER));
  }

  private static Optional<String> group(Pattern pattern, String line) {
    Matcher matcher = pattern.matcher(line);
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
  }
}
