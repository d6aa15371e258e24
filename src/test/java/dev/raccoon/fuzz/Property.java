package dev.raccoon.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.raccoon.value.InvalidValueException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Optional;
import java.util.function.Function;

/** What targets check; plain and quick, since each runs many thousand times a second. */
public final class Property {
  private static final int MAX_SENTENCE_LENGTH = 500;

  private Property() {}

  /** Fails with {@code what} unless {@code isTrue}. */
  public static void holds(boolean isTrue, String what) {
    if (!isTrue) {
      throw new AssertionError(what);
    }
  }

  /** {@code one} and {@code other} must be equal. */
  public static void same(Object one, Object other) {
    if (!one.equals(other)) {
      throw new AssertionError(one + " and " + other + " should be equal");
    }
  }

  /** A sentence for a person: something, in one line, which steers neither terminal nor page. */
  public static void sentence(String text) {
    printable(text);
    holds(!text.isBlank(), "nothing is said");
    holds(text.length() <= MAX_SENTENCE_LENGTH, "a sentence that is too long");
  }

  /** One line of whole characters, none of which is a control or turns the direction. */
  public static void printable(String text) {
    if (!text.codePoints().allMatch(Property::isPrintable)) {
      throw new AssertionError("not printable: " + text);
    }
  }

  private static boolean isPrintable(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }

  /** What {@code parse} makes of {@code raw}, unless it is refused in a sentence. */
  public static <T> Optional<T> parsed(Function<String, T> parse, String raw) {
    try {
      return Optional.of(parse.apply(raw));
    } catch (InvalidValueException e) {
      sentence(String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  /**
   * Input as text. Bytes that are no UTF-8 give characters as well, half surrogates among them,
   * which JSON's escapes can bring.
   */
  public static String text(byte[] input) {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(input)).toString();
    } catch (CharacterCodingException e) {
      StringBuilder text = new StringBuilder();
      for (byte octet : input) {
        int value = octet & 0xFF;
        text.append((char) (value < 0xF0 ? value : 0xD800 + (value - 0xF0) * 0x80));
      }
      return text.toString();
    }
  }
}
