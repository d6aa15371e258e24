package dev.raccoon.toolchain;

/** Reads strings, quoted atoms and characters, with their escape sequences. */
final class QuotedText {
  private final SourceText in;
  private final TripleQuotedText tripleQuoted;

  QuotedText(SourceText in) {
    this.in = in;
    this.tripleQuoted = new TripleQuotedText(in);
  }

  /** One string, or several that only blanks and comments part: Erlang joins those. */
  String adjacentStrings() {
    StringBuilder text = new StringBuilder();
    while (in.peek() == '"') {
      if (in.peek(1) == '"' && in.peek(2) == '"') {
        tripleQuoted.appendTo(text);
      } else {
        appendUntil('"', "string", text);
      }
      in.skipBlanksAndComments();
    }
    return text.toString();
  }

  String quotedAtom() {
    StringBuilder name = new StringBuilder();
    appendUntil('\'', "quoted atom", name);
    return name.toString();
  }

  /** The character that follows a {@code $}. */
  int character() {
    int first = in.next();
    return first == '\\' ? escaped() : first;
  }

  private void appendUntil(int quote, String what, StringBuilder text) {
    int begin = in.line();
    in.next();
    while (in.peek() != quote) {
      if (in.peek() == SourceText.END) {
        throw new MalformedFileException(begin, "The " + what + " that begins here never ends.");
      }
      text.appendCodePoint(character());
    }
    in.next();
  }

  /** The character of an escape sequence, behind its backslash. */
  private int escaped() {
    int first = in.next();
    return switch (first) {
      case 'b' -> '\b';
      case 'd' -> 0x7F;
      case 'e' -> 0x1B;
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 's' -> ' ';
      case 't' -> '\t';
      case 'v' -> 0x0B;
      case '^' -> control();
      case 'x' -> hexadecimal();
      case '0', '1', '2', '3', '4', '5', '6', '7' -> octal(first);
      default -> first;
    };
  }

  private int control() {
    int letter = in.next();
    if (letter == '?') {
      return 0x7F;
    }
    if ((letter >= '@' && letter <= '_') || (letter >= 'a' && letter <= 'z')) {
      return letter & 0x1F;
    }
    throw in.malformed("No control character is written \\^" + SourceText.shown(letter) + ".");
  }

  private int octal(int first) {
    int value = first - '0';
    for (int i = 0; i < 2 && in.peek() >= '0' && in.peek() <= '7'; i++) {
      value = value * 8 + in.next() - '0';
    }
    return value;
  }

  private int hexadecimal() {
    if (!in.take("{")) {
      return hexDigit() * 16 + hexDigit();
    }
    int value = hexDigit();
    while (!in.take("}")) {
      value = value * 16 + hexDigit();
      if (value > Character.MAX_CODE_POINT) {
        throw in.malformed("An escape \\x{…} is no Unicode character.");
      }
    }
    return in.unicode(value);
  }

  private int hexDigit() {
    int character = in.next();
    int digit = character < 0x80 ? Character.digit(character, 16) : -1;
    if (digit < 0) {
      throw in.malformed("An escape \\x needs two hexadecimal digits, or some in braces.");
    }
    return digit;
  }
}
