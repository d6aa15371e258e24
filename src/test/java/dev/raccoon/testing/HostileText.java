package dev.raccoon.testing;

import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Text that somebody might send to do harm: pieces that mean something to a shell, to git, to a
 * path, to a page or to a terminal, alone and mixed with what is wanted. The same seed gives the
 * same texts.
 */
public final class HostileText {
  private static final String MUCH = "a".repeat(10_000);
  private static final List<String> PIECES =
      List.of(
          "",
          " ",
          "\t",
          "\n",
          "\r",
          "\0",
          "\u001b[31m",
          "\u007f",
          ".",
          "..",
          "../",
          "/..",
          "./",
          "/",
          "//",
          "\\",
          "..\\",
          "~",
          "-",
          "--",
          "--upload-pack=x",
          "-c",
          "--",
          "@",
          "@{",
          "@{0}",
          "^",
          "^{}",
          ":",
          "?",
          "*",
          "[",
          "]",
          "{",
          "}",
          "(",
          ")",
          "<",
          ">",
          "|",
          "&",
          "&&",
          ";",
          "`id`",
          "$()",
          "$(id)",
          "${HOME}",
          "$HOME",
          "'",
          "\"",
          "!",
          "#",
          "%",
          "%2e%2e",
          "%2f",
          "%00",
          "%0a",
          "+",
          "=",
          ",",
          "_",
          ".lock",
          ".lock/",
          ".git",
          ".GIT",
          "/.git",
          "HEAD",
          "refs/tags/",
          "file:",
          "file:///etc",
          "ext::sh -c id",
          "ssh://",
          "git://",
          "http://",
          "https://",
          "git@host:x",
          "user:password@",
          "github.com",
          "localhost",
          "127.0.0.1",
          "0x7f.1",
          "2130706433",
          "[::1]",
          ":443",
          ":0",
          ":99999",
          "?q",
          "#f",
          "\u202e",
          "\u200b",
          "\ufeff",
          "\u00a0",
          "\u0430",
          "\u2024",
          "\uff0f",
          "\uff0e",
          "\u2028",
          "\ud800",
          "\u0130",
          "\u017f",
          "\ud83e\udd9d",
          "\u0661",
          "1",
          "1.0",
          "1.2.3",
          "v1",
          "-rc1",
          "25",
          "0",
          "00",
          "-1",
          "a",
          "Z",
          "acme",
          "acme/",
          "/demo",
          "release/2.0",
          "' or 1=1 --",
          "<script>",
          "deadbeef",
          MUCH);

  private HostileText() {}

  /** Gives {@code test} every piece alone, then {@code count} mixtures. */
  public static void each(long seed, int count, Consumer<String> test) {
    PIECES.forEach(piece -> given(piece, seed, test));
    Random random = new Random(seed);
    for (int i = 0; i < count; i++) {
      given(mixture(random, new StringBuilder()), seed, test);
    }
  }

  /** Gives {@code test} {@code good} with one to three pieces put into it, {@code count} times. */
  public static void eachSpoilt(long seed, int count, List<String> good, Consumer<String> test) {
    Random random = new Random(seed);
    for (int i = 0; i < count; i++) {
      StringBuilder text = new StringBuilder(good.get(random.nextInt(good.size())));
      given(mixture(random, text), seed, test);
    }
  }

  private static String mixture(Random random, StringBuilder text) {
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      text.insert(random.nextInt(text.length() + 1), PIECES.get(random.nextInt(PIECES.size())));
    }
    return text.toString();
  }

  private static void given(String text, long seed, Consumer<String> test) {
    try {
      test.accept(text);
    } catch (Throwable e) {
      throw new AssertionError("seed " + seed + ", text " + shown(text), e);
    }
  }

  private static String shown(String text) {
    StringBuilder shown = new StringBuilder();
    text.chars()
        .limit(300)
        .forEach(c -> {
          if (c > ' ' && c < 127) {
            shown.append((char) c);
          } else {
            shown.append("\\u%04x".formatted(c));
          }
        });
    return shown + (text.length() > 300 ? "… of " + text.length() : "");
  }
}
