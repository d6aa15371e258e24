package dev.raccoon.toolchain;

import java.math.BigInteger;

/** Reads a number or a character ({@code $c}), with or without a sign before it. */
final class NumberLiteral {
  /** Digits of one number: what turns them into a value takes more than linear time. */
  private static final int MAX_DIGITS = 4000;

  private final SourceText in;

  NumberLiteral(SourceText in) {
    this.in = in;
  }

  ErlangTerm read(QuotedText quoted) {
    boolean negative = in.peek() == '-';
    if (negative || in.peek() == '+') {
      in.next();
      in.skipBlanksAndComments();
    }
    if (in.take("$")) {
      return integer(BigInteger.valueOf(quoted.character()), negative);
    }
    if (!isDigit(in.peek())) {
      throw in.malformed("A number must follow a sign.");
    }
    String digits = digits(10);
    if (in.peek() == '#') {
      return integer(based(digits), negative);
    }
    if (in.peek() == '.' && isDigit(in.peek(1))) {
      double value = fraction(digits);
      return new ErlangTerm.FloatingPoint(negative ? -value : value);
    }
    return integer(new BigInteger(digits), negative);
  }

  private static ErlangTerm integer(BigInteger value, boolean negative) {
    return new ErlangTerm.Int(negative ? value.negate() : value);
  }

  private BigInteger based(String written) {
    BigInteger base = new BigInteger(written);
    if (base.compareTo(BigInteger.TWO) < 0 || base.compareTo(BigInteger.valueOf(36)) > 0) {
      throw in.malformed("An integer's base must be between 2 and 36.");
    }
    in.next();
    String digits = digits(base.intValue());
    if (digits.isEmpty()) {
      throw in.malformed("An integer's base must be followed by digits of that base.");
    }
    return new BigInteger(digits, base.intValue());
  }

  private double fraction(String whole) {
    in.next();
    StringBuilder text = new StringBuilder(whole).append('.').append(digits(10));
    if (in.peek() == 'e' || in.peek() == 'E') {
      text.append((char) in.next());
      if (in.peek() == '+' || in.peek() == '-') {
        text.append((char) in.next());
      }
      if (!isDigit(in.peek())) {
        throw in.malformed("A floating point number's exponent has no digits.");
      }
      text.append(digits(10));
    }
    double value = Double.parseDouble(text.toString());
    if (Double.isInfinite(value)) {
      throw in.malformed("A floating point number is too large.");
    }
    return value;
  }

  /** Digits without the underscores that may stand between two of them. */
  private String digits(int radix) {
    StringBuilder digits = new StringBuilder();
    while (digit(in.peek(), radix)
        || (in.peek() == '_' && !digits.isEmpty() && digit(in.peek(1), radix))) {
      int character = in.next();
      if (character != '_') {
        digits.append((char) character);
      }
      if (digits.length() > MAX_DIGITS) {
        throw in.malformed("A number has more than " + MAX_DIGITS + " digits.");
      }
    }
    return digits.toString();
  }

  private static boolean digit(int character, int radix) {
    return character >= 0 && character < 0x80 && Character.digit(character, radix) >= 0;
  }

  static boolean isDigit(int character) {
    return character >= '0' && character <= '9';
  }
}
