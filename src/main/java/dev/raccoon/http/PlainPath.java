package dev.raccoon.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Paths are taken as they are written. One that another program could read in another way (with dot
 * segments, parameters, empty segments, or escapes of what needs none or would mean something)
 * leads nowhere, so that what a proxy lets through or keeps out is what is answered.
 */
final class PlainPath {
  private static final String UNREADABLE = "The path is not percent-encoded UTF-8.";
  private static final String NOWHERE = "There is nothing at this path.";

  /** What may not be written as an escape, besides letters, digits and control characters. */
  private static final String NEVER_ESCAPED = "-._~/\\%;?#";

  private PlainPath() {}

  /** Why {@code path} is not looked for, if it is not. */
  static Optional<Answer> refusal(String path) {
    byte[] decoded = new byte[path.length()];
    int length = 0;
    boolean odd = false;
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c == '%') {
        if (!isEscape(path, i)) {
          return refused(400, UNREADABLE);
        }
        int escaped = HexFormat.fromHexDigits(path, i + 1, i + 3);
        odd |= mayNotBeEscaped(escaped);
        decoded[length++] = (byte) escaped;
        i += 2;
      } else if (c <= ' ' || c >= 0x7f) {
        return refused(400, UNREADABLE);
      } else {
        odd |= c == ';' || c == '\\';
        decoded[length++] = (byte) c;
      }
    }
    return odd || hasOddSegments(path) || !isUtf8(decoded, length)
        ? refused(404, NOWHERE)
        : Optional.empty();
  }

  private static Optional<Answer> refused(int status, String sentence) {
    return Optional.of(Envelope.bad(status, sentence));
  }

  private static boolean isEscape(String path, int at) {
    return at + 2 < path.length()
        && HexFormat.isHexDigit(path.charAt(at + 1))
        && HexFormat.isHexDigit(path.charAt(at + 2));
  }

  private static boolean mayNotBeEscaped(int c) {
    boolean letterOrDigit =
        (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    return c < ' ' || c == 0x7f || letterOrDigit || NEVER_ESCAPED.indexOf(c) >= 0;
  }

  /** Empty ones but for the last ({@code /build_log/} is the protocol's), {@code .}, {@code ..}. */
  private static boolean hasOddSegments(String path) {
    return path.contains("//") || (path + "/").contains("/./") || (path + "/").contains("/../");
  }

  /** Strictly: an overlong form is none. */
  private static boolean isUtf8(byte[] bytes, int length) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, length));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
