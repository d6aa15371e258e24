package dev.raccoon.toolchain;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads a triple-quoted string as EEP 64 has it: whole lines between two lines of three or more
 * quotes, verbatim, less the indentation of the closing one.
 */
final class TripleQuotedText {
  private final SourceText in;

  TripleQuotedText(SourceText in) {
    this.in = in;
  }

  void appendTo(StringBuilder text) {
    int begin = in.line();
    int quotes = quotesAhead(0);
    in.skip(quotes);
    if (!restOfLine().isBlank() || in.peek() == SourceText.END) {
      throw new MalformedFileException(begin, "Only a line's end may follow the quotes \"\"\".");
    }
    in.next();
    List<String> lines = new ArrayList<>();
    while (!isClosing(quotes)) {
      lines.add(restOfLine());
      if (in.peek() == SourceText.END) {
        throw new MalformedFileException(begin, "The string that begins here never ends.");
      }
      in.next();
    }
    text.append(unindented(lines, closingIndentation(quotes)));
  }

  private String unindented(List<String> lines, String indentation) {
    StringBuilder text = new StringBuilder();
    for (String line : lines) {
      if (line.startsWith(indentation)) {
        text.append(line, indentation.length(), line.length());
      } else if (!line.isEmpty() && !line.equals("\r")) {
        throw in.malformed("A line of the string that ends here is indented less than its end.");
      }
      text.append('\n');
    }
    // The last line's end belongs to the closing quotes.
    String joined = text.isEmpty() ? "" : text.substring(0, text.length() - 1);
    return joined.endsWith("\r") ? joined.substring(0, joined.length() - 1) : joined;
  }

  private boolean isClosing(int quotes) {
    return quotesAhead(blanksAhead()) >= quotes;
  }

  private String closingIndentation(int quotes) {
    StringBuilder indentation = new StringBuilder();
    for (int blanks = blanksAhead(); blanks > 0; blanks--) {
      indentation.appendCodePoint(in.next());
    }
    in.skip(quotes);
    if (in.peek() == '"') {
      throw in.malformed("A string must be parted from the next by a blank.");
    }
    return indentation.toString();
  }

  private int blanksAhead() {
    int count = 0;
    while (in.peek(count) != '\n' && SourceText.isBlank(in.peek(count))) {
      count++;
    }
    return count;
  }

  private int quotesAhead(int from) {
    int count = 0;
    while (in.peek(from + count) == '"') {
      count++;
    }
    return count;
  }

  private String restOfLine() {
    StringBuilder rest = new StringBuilder();
    while (in.peek() != '\n' && in.peek() != SourceText.END) {
      rest.appendCodePoint(in.next());
    }
    return rest.toString();
  }
}
