package dev.raccoon.sandbox;

import dev.raccoon.value.Limit;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The last that a command has said: one that is refused more of something at once may be gone
 * before anybody looks what it had, but it seldom goes without a word.
 */
final class Complaint {
  private static final int KEPT_BYTES = 4096;

  /** In the words of the C library, shells, Perl and Erlang. */
  private static final Map<Limit, Pattern> WORDS =
      Map.of(
          Limit.OPEN_FILES,
          Pattern.compile("Too many open files|\\bemfile\\b"),
          Limit.PROCESSES,
          Pattern.compile(
              "Resource temporarily unavailable|[Cc]an(?:not|'t) fork|\\beagain\\b"
                  + "|Failed to create .{0,40}thread"),
          Limit.FILES,
          Pattern.compile("No space left on device|\\benospc\\b"));

  private byte[] last = new byte[0];

  void hear(byte[] bytes, int offset, int length) {
    int old = Math.max(0, Math.min(last.length, KEPT_BYTES - length));
    int taken = Math.min(length, KEPT_BYTES);
    byte[] all = Arrays.copyOfRange(last, last.length - old, last.length + taken);
    System.arraycopy(bytes, offset + length - taken, all, old, taken);
    last = all;
  }

  /** A compiler's error, whose words are the package's own. */
  private static final Pattern COMPILERS =
      Pattern.compile("(?m)^[^\\s:]{1,200}:(?:\\d{1,9}(?::\\d{1,9})?|\\{\\d{1,9},\\d{1,9}\\}): ");

  /** What it says that there is no more of; where it names space, that may be of either kind. */
  Optional<Limit> limit() {
    String words = new String(last, StandardCharsets.ISO_8859_1);
    if (COMPILERS.matcher(words).find()) {
      return Optional.empty();
    }
    return WORDS.entrySet().stream()
        .filter(entry -> entry.getValue().matcher(words).find())
        .map(Map.Entry::getKey)
        .findFirst();
  }
}
