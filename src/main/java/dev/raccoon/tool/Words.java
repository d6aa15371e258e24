package dev.raccoon.tool;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a stranger's program printed, as a sentence can hold it: in one printable line, and short.
 */
final class Words {
  private static final int MAX_LINE = 300;
  private static final int MAX_READ_OF_LINE = 1000;

  // Half a character (Cs) is what cutting a line may leave.
  private static final Pattern CONTROL =
      Pattern.compile("\\x1b\\[[0-9;]*+[A-Za-z]|[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");

  private Words() {}

  /** That {@code what} ended with {@code status}, and the last of {@code lines}. */
  static String ofFailed(String what, int status, List<String> lines) {
    Optional<String> last =
        lines.reversed().stream()
            .takeWhile(line -> !line.startsWith("==>"))
            .map(Words::plain)
            .filter(line -> !line.isEmpty())
            .findFirst();
    return what
        + " ended with status "
        + status
        + last.map(line -> "; its last line: " + line).orElse(" and said nothing.");
  }

  /** A line without what a terminal would do with it, and cut. */
  static String plain(String line) {
    String start = line.substring(0, Math.min(line.length(), MAX_READ_OF_LINE));
    String text = CONTROL.matcher(start).replaceAll("").strip();
    if (text.length() <= MAX_LINE) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(MAX_LINE - 1)) ? MAX_LINE - 1 : MAX_LINE;
    return text.substring(0, end) + "…";
  }
}
