package dev.raccoon.logging;

import java.util.Locale;

/**
 * Text of which everything can be seen. What would end a line, steer a terminal, hide something or
 * turn the direction of writing is shown as its number: <code>&#92;u000a</code>.
 */
public final class VisibleText {
  private VisibleText() {}

  /** {@code text} with its control, format and separator characters as numbers. */
  public static String of(String text) {
    int odd = 0;
    while (odd < text.length() && isPlain(text.charAt(odd))) {
      odd++;
    }
    return odd == text.length() ? text : escaped(text);
  }

  /** Nearly every line is made of these alone. */
  private static boolean isPlain(char c) {
    return c >= ' ' && c < 0x7f;
  }

  private static String escaped(String text) {
    StringBuilder visible = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(c -> {
          if (isVisible(c)) {
            visible.appendCodePoint(c);
          } else {
            visible.append(String.format(Locale.ROOT, c > 0xffff ? "\\U%08x" : "\\u%04x", c));
          }
        });
    return visible.toString();
  }

  private static boolean isVisible(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
