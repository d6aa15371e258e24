package dev.raccoon.http;

import dev.raccoon.value.InvalidValueException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Decodes queries and forms (application/x-www-form-urlencoded), strictly. */
public final class QueryString {
  private static final int MAX_PAIRS = 100;

  private QueryString() {}

  /** One name with its value. */
  public record Pair(String name, String value) {}

  /** The pairs of {@code raw} in order; of a name that comes twice, the first counts. */
  static Map<String, String> first(@Nullable String raw) {
    Map<String, String> values = new LinkedHashMap<>();
    pairs(raw == null ? "" : raw).forEach(pair -> values.putIfAbsent(pair.name(), pair.value()));
    return values;
  }

  /**
   * All pairs of {@code raw}, in order.
   *
   * @throws InvalidValueException when it is no such form: a broken escape, bytes that are no
   *     UTF-8, a control character, too many pairs
   */
  public static List<Pair> pairs(String raw) {
    List<Pair> pairs = new ArrayList<>();
    int from = 0;
    while (from <= raw.length()) {
      int ampersand = raw.indexOf('&', from);
      int to = ampersand < 0 ? raw.length() : ampersand;
      if (to > from) {
        pairs.add(pair(raw.substring(from, to)));
      }
      if (pairs.size() > MAX_PAIRS) {
        throw new InvalidValueException("There are more than " + MAX_PAIRS + " parameters.");
      }
      from = to + 1;
    }
    return pairs;
  }

  private static Pair pair(String part) {
    int equals = part.indexOf('=');
    return equals < 0
        ? new Pair(decode(part), "")
        : new Pair(decode(part.substring(0, equals)), decode(part.substring(equals + 1)));
  }

  private static String decode(String raw) {
    byte[] bytes = new byte[raw.length()];
    int length = 0;
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c == '%') {
        bytes[length++] = (byte) hex(raw, i + 1);
        i += 2;
      } else if (c < 0x80) {
        bytes[length++] = (byte) (c == '+' ? ' ' : c);
      } else {
        throw broken();
      }
    }
    return checked(bytes, length);
  }

  private static String checked(byte[] bytes, int length) {
    try {
      String text =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, length)).toString();
      if (text.chars()
          .anyMatch(c -> Character.isISOControl(c) && c != '\n' && c != '\r' && c != '\t')) {
        throw new InvalidValueException("A parameter has a control character in it.");
      }
      return text;
    } catch (CharacterCodingException e) {
      throw broken();
    }
  }

  private static int hex(String raw, int at) {
    if (at + 2 > raw.length()) {
      throw broken();
    }
    if (!HexFormat.isHexDigit(raw.charAt(at)) || !HexFormat.isHexDigit(raw.charAt(at + 1))) {
      throw broken();
    }
    return HexFormat.fromHexDigits(raw, at, at + 2);
  }

  private static InvalidValueException broken() {
    return new InvalidValueException("The parameters are not percent-encoded UTF-8.");
  }
}
