package dev.raccoon.artifact;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.HexFormat;

/** The names of a package's members: UTF-8, printable, with {@code /} between their segments. */
final class MemberName {
  /** In bytes. It also bounds how deep a package goes. */
  static final int MAX_BYTES = 1000;

  private MemberName() {}

  /**
   * The last segment of {@code path}. It is taken from the path's own bytes: {@link Path#toString}
   * decodes them by the locale, and under {@code LANG=C} makes the same text of different names.
   */
  static String of(Path path) throws RefusedException {
    byte[] raw = lastSegment(path);
    String name;
    try {
      name = UTF_8.newDecoder().decode(ByteBuffer.wrap(raw)).toString();
    } catch (CharacterCodingException e) {
      throw new RefusedException(
          "The file name " + shown(new String(raw, UTF_8)) + " is not UTF-8: rename the file.");
    }
    if (!isPlain(name)) {
      throw new RefusedException(
          "The file name "
              + shown(name)
              + " has control characters or a backslash in it: rename the file.");
    }
    return name;
  }

  /** Whether this is one segment that every system reads the same. */
  static boolean isPlain(String segment) {
    return !segment.isEmpty()
        && !segment.equals(".")
        && !segment.equals("..")
        && segment.codePoints().noneMatch(MemberName::isOdd);
  }

  private static boolean isOdd(int codePoint) {
    return codePoint == '/' || codePoint == '\\' || !isPrintable(codePoint);
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

  /** Whether the last segment is longer than any file's name, which only a link's target can be. */
  static boolean isTooLongToExist(Path path) {
    int characters = String.valueOf(path.getFileName()).length();
    return characters > 255 || (characters > 255 / 4 && lastSegment(path).length > 255);
  }

  /** A name that is safe to show in a sentence: short, and without what steers a terminal. */
  static String shown(String name) {
    StringBuilder shown = new StringBuilder();
    name.codePoints()
        .limit(200)
        .forEach(c -> {
          if (isPrintable(c)) {
            shown.appendCodePoint(c);
          } else {
            shown.append("\\u").append(HexFormat.of().toHexDigits((char) c));
          }
        });
    return shown.toString();
  }

  private static byte[] lastSegment(Path path) {
    String escaped = path.toUri().getRawPath();
    int end = escaped.endsWith("/") ? escaped.length() - 1 : escaped.length();
    int start = escaped.lastIndexOf('/', end - 1) + 1;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = start; i < end; i++) {
      if (escaped.charAt(i) == '%') {
        bytes.write(HexFormat.fromHexDigits(escaped, i + 1, i + 3));
        i += 2;
      } else {
        bytes.write(escaped.charAt(i));
      }
    }
    return bytes.toByteArray();
  }
}
