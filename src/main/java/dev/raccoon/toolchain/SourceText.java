package dev.raccoon.toolchain;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** The code points of a file of Erlang terms, read from front to back, with the line reached. */
final class SourceText {
  /** What {@link #peek} answers behind the last character. */
  static final int END = -1;

  private static final Pattern LATIN_1 =
      Pattern.compile(
          "\\A(?:[^\\n]*\\n)?[ \\t]*%[^\\n]*coding[ \\t]*[:=][ \\t]*latin-1",
          Pattern.CASE_INSENSITIVE);

  private final int[] characters;
  private int position;
  private int line = 1;

  private SourceText(String text) {
    this.characters = text.codePoints().toArray();
  }

  static SourceText decode(byte[] bytes) {
    String octets = new String(bytes, StandardCharsets.ISO_8859_1);
    if (LATIN_1.matcher(octets).find()) {
      return new SourceText(octets);
    }
    try {
      return new SourceText(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      return new SourceText(octets);
    }
  }

  int line() {
    return line;
  }

  int peek() {
    return peek(0);
  }

  int peek(int ahead) {
    int at = position + ahead;
    return at < characters.length ? characters[at] : END;
  }

  int next() {
    int character = peek();
    if (character == END) {
      throw malformed("The file ends in the middle of a term.");
    }
    position++;
    if (character == '\n') {
      line++;
    }
    return character;
  }

  void skip(int count) {
    for (int i = 0; i < count; i++) {
      next();
    }
  }

  /** Whether {@code expected} comes next; it is consumed then. */
  boolean take(String expected) {
    for (int i = 0; i < expected.length(); i++) {
      if (peek(i) != expected.charAt(i)) {
        return false;
      }
    }
    skip(expected.length());
    return true;
  }

  void skipBlanksAndComments() {
    while (isBlank(peek()) || peek() == '%') {
      if (next() == '%') {
        while (peek() != '\n' && peek() != END) {
          next();
        }
      }
    }
  }

  /** Erlang's white space: the control characters and blanks of ISO 8859-1. */
  static boolean isBlank(int character) {
    return (character >= 0 && character <= ' ') || (character >= 0x80 && character <= 0xA0);
  }

  /** {@code value}, where it is a character: surrogates are none. */
  int unicode(int value) {
    if (!Character.isValidCodePoint(value) || (value >= 0xD800 && value <= 0xDFFF)) {
      throw malformed("A number or an escape is no Unicode character.");
    }
    return value;
  }

  MalformedFileException malformed(String why) {
    return new MalformedFileException(line, why);
  }

  /** A character as a message can show it. */
  static String shown(int character) {
    if (character == END) {
      return "the end of the file";
    }
    return character > ' ' && character < 0x7F
        ? Character.toString(character)
        : "the character U+%04X".formatted(character);
  }
}
