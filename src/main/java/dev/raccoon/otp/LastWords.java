package dev.raccoon.otp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The end of what was printed, for the reason of a failure. Thread-safe. */
final class LastWords {
  private static final int KEPT_BYTES = 64 * 1024;
  private static final int MAX_LINE = 300;
  private static final Pattern UNPRINTABLE =
      Pattern.compile("\\x1b\\[[0-9;]*+[A-Za-z]|[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

  private static final Pattern OF_MAKE = Pattern.compile("g?make(?:\\[\\d++\\])?: .*");
  private static final Pattern MAKE_GAVE_UP =
      Pattern.compile("g?make(?:\\[\\d++\\])?: \\*\\*\\* .*");

  private byte[] kept = new byte[0];

  synchronized void add(byte[] bytes, int offset, int length) {
    byte[] all = Arrays.copyOf(kept, kept.length + length);
    System.arraycopy(bytes, offset, all, kept.length, length);
    kept =
        all.length <= KEPT_BYTES
            ? all
            : Arrays.copyOfRange(all, all.length - KEPT_BYTES, all.length);
  }

  /** The first line that begins with {@code words}, without them. */
  Optional<String> firstThatBegins(String words) {
    return lines()
        .filter(line -> line.startsWith(words))
        .map(line -> line.substring(words.length()).strip())
        .findFirst();
  }

  /** The last line that has {@code words}. */
  Optional<String> lastThatHas(String words) {
    return lines().filter(line -> line.contains(words)).reduce((one, next) -> next);
  }

  /** The last line that is not make's own, if make said that something failed. */
  Optional<String> beforeMakeGaveUp() {
    return lines().anyMatch(line -> MAKE_GAVE_UP.matcher(line).matches())
        ? lines().filter(line -> !OF_MAKE.matcher(line).matches()).reduce((one, next) -> next)
        : Optional.empty();
  }

  /** The last line that says anything. */
  Optional<String> last() {
    return lines().reduce((one, next) -> next);
  }

  private synchronized Stream<String> lines() {
    return new String(kept, UTF_8)
        .lines()
        .map(line -> UNPRINTABLE.matcher(line).replaceAll(""))
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .map(line -> line.length() <= MAX_LINE ? line : line.substring(0, MAX_LINE - 1) + "…");
  }
}
