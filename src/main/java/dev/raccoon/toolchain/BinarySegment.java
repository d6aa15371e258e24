package dev.raccoon.toolchain;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/** Reads one segment of a binary: a string or an integer, as bytes or, with /utf8, as UTF-8. */
final class BinarySegment {
  private final SourceText in;
  private final QuotedText quoted;
  private final NumberLiteral numbers;

  BinarySegment(SourceText in, QuotedText quoted, NumberLiteral numbers) {
    this.in = in;
    this.quoted = quoted;
    this.numbers = numbers;
  }

  void appendTo(StringBuilder octets) {
    in.skipBlanksAndComments();
    if (in.peek() == '"') {
      String text = quoted.adjacentStrings();
      if (isUtf8()) {
        octets.append(utf8(text));
      } else {
        // Erlang keeps each character's lowest eight bits.
        text.codePoints().forEach(c -> octets.append((char) (c & 0xFF)));
      }
    } else {
      integer(octets);
    }
  }

  private void integer(StringBuilder octets) {
    int first = in.peek();
    if (!NumberLiteral.isDigit(first) && first != '$' && first != '+' && first != '-') {
      throw in.malformed("A binary holds strings and integers only.");
    }
    if (!(numbers.read(quoted) instanceof ErlangTerm.Int(BigInteger value))) {
      throw in.malformed("A binary holds strings and integers only.");
    }
    if (!isUtf8()) {
      octets.append((char) (value.intValue() & 0xFF));
    } else if (value.bitLength() <= 21 && value.signum() >= 0) {
      octets.append(utf8(Character.toString(in.unicode(value.intValue()))));
    } else {
      throw in.malformed("A number with /utf8 is no Unicode character.");
    }
  }

  private boolean isUtf8() {
    in.skipBlanksAndComments();
    if (in.peek() == ':') {
      throw in.malformed("A binary's segment with a size is not supported.");
    }
    if (!in.take("/")) {
      return false;
    }
    in.skipBlanksAndComments();
    if (!in.take("utf8")) {
      throw in.malformed("A binary's segment of a type other than utf8 is not supported.");
    }
    return true;
  }

  private static String utf8(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }
}
