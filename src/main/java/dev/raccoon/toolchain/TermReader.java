package dev.raccoon.toolchain;

import dev.raccoon.toolchain.ErlangTerm.Atom;
import dev.raccoon.toolchain.ErlangTerm.Binary;
import dev.raccoon.toolchain.ErlangTerm.Entry;
import dev.raccoon.toolchain.ErlangTerm.ListOf;
import dev.raccoon.toolchain.ErlangTerm.MapOf;
import dev.raccoon.toolchain.ErlangTerm.Text;
import dev.raccoon.toolchain.ErlangTerm.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads terms by recursive descent, straight from the characters; {@link ErlangTerms#MAX_DEPTH}
 * bounds the recursion. The grammar is that of the Erlang Reference Manual's "Data Types".
 */
final class TermReader {
  private static final int MAX_ATOM_LENGTH = 255;

  /** The words of the reference manual's list that are reserved in every release. */
  private static final Set<String> RESERVED =
      Set.of(
          "after", "and", "andalso", "band", "begin", "bnot", "bor", "bsl", "bsr", "bxor", "case",
          "catch", "cond", "div", "end", "fun", "if", "let", "not", "of", "or", "orelse", "receive",
          "rem", "try", "when", "xor");

  private final SourceText in;
  private final QuotedText quoted;
  private final NumberLiteral numbers;

  TermReader(SourceText in) {
    this.in = in;
    this.quoted = new QuotedText(in);
    this.numbers = new NumberLiteral(in);
  }

  List<ErlangTerm> readAll() {
    List<ErlangTerm> terms = new ArrayList<>();
    in.skipBlanksAndComments();
    while (in.peek() != SourceText.END) {
      terms.add(term(0));
      endOfTerm();
      in.skipBlanksAndComments();
    }
    return terms;
  }

  private void endOfTerm() {
    in.skipBlanksAndComments();
    if (in.peek() != '.') {
      throw in.malformed(
          "A term must end in a dot, but " + SourceText.shown(in.peek()) + " follows it.");
    }
    int after = in.peek(1);
    if (after != SourceText.END && after != '%' && !SourceText.isBlank(after)) {
      throw in.malformed("A blank or a line's end must follow the dot that ends a term.");
    }
    in.next();
  }

  private ErlangTerm term(int depth) {
    if (depth > ErlangTerms.MAX_DEPTH) {
      throw in.malformed("Terms are nested deeper than " + ErlangTerms.MAX_DEPTH + " levels.");
    }
    in.skipBlanksAndComments();
    int first = in.peek();
    return switch (first) {
      case '[' -> list(depth);
      case '{' -> tuple(depth);
      case '#' -> map(depth);
      case '<' -> binary();
      case '"' -> new Text(quoted.adjacentStrings());
      case '\'' -> atom(quoted.quotedAtom());
      case '$', '+', '-' -> numbers.read(quoted);
      default -> {
        if (NumberLiteral.isDigit(first)) {
          yield numbers.read(quoted);
        }
        if (isAtomStart(first)) {
          yield bareAtom();
        }
        throw in.malformed(notATerm(first));
      }
    };
  }

  private ListOf list(int depth) {
    in.next();
    return new ListOf(elements("]", depth));
  }

  private Tuple tuple(int depth) {
    in.next();
    return new Tuple(elements("}", depth));
  }

  private List<ErlangTerm> elements(String close, int depth) {
    List<ErlangTerm> elements = new ArrayList<>();
    in.skipBlanksAndComments();
    if (in.take(close)) {
      return elements;
    }
    do {
      elements.add(term(depth + 1));
    } while (commaRatherThan(close));
    return elements;
  }

  private MapOf map(int depth) {
    in.next();
    in.skipBlanksAndComments();
    if (!in.take("{")) {
      throw in.malformed("A record cannot stand in a term, and a map begins with #{.");
    }
    List<Entry> entries = new ArrayList<>();
    in.skipBlanksAndComments();
    if (in.take("}")) {
      return new MapOf(entries);
    }
    do {
      ErlangTerm key = term(depth + 1);
      in.skipBlanksAndComments();
      if (!in.take("=>")) {
        throw in.malformed("A map's key must be followed by =>.");
      }
      entries.add(new Entry(key, term(depth + 1)));
    } while (commaRatherThan("}"));
    return new MapOf(entries);
  }

  private Binary binary() {
    if (!in.take("<<")) {
      throw in.malformed("A binary begins with <<.");
    }
    StringBuilder octets = new StringBuilder();
    in.skipBlanksAndComments();
    if (in.take(">>")) {
      return new Binary("");
    }
    BinarySegment segment = new BinarySegment(in, quoted, numbers);
    do {
      segment.appendTo(octets);
    } while (commaRatherThan(">>"));
    return new Binary(octets.toString());
  }

  /** Whether another element follows; the comma or the closing sign is consumed. */
  private boolean commaRatherThan(String close) {
    in.skipBlanksAndComments();
    if (in.take(",")) {
      return true;
    }
    if (in.take(close)) {
      return false;
    }
    if (in.peek() == '|') {
      throw in.malformed("A list with a tail ([Head | Tail]) is not supported.");
    }
    throw in.malformed(
        "Expected a comma or " + close + " rather than " + SourceText.shown(in.peek()) + ".");
  }

  private Atom bareAtom() {
    StringBuilder name = new StringBuilder();
    while (isAtomPart(in.peek())) {
      name.appendCodePoint(in.next());
    }
    if (RESERVED.contains(name.toString())) {
      throw in.malformed("The reserved word " + name + " cannot stand in a term without quotes.");
    }
    return atom(name.toString());
  }

  private Atom atom(String name) {
    if (name.codePointCount(0, name.length()) > MAX_ATOM_LENGTH) {
      throw in.malformed("An atom is longer than " + MAX_ATOM_LENGTH + " characters.");
    }
    return new Atom(name);
  }

  private static String notATerm(int first) {
    if (first == SourceText.END) {
      return "The file ends in the middle of a term.";
    }
    if (first == '_' || isAtomPart(first)) {
      return "A variable cannot stand in a term.";
    }
    return switch (first) {
      case '?' -> "A macro cannot stand in a term.";
      case '(' -> "An expression in parentheses cannot stand in a term.";
      default -> "A term cannot begin with " + SourceText.shown(first) + ".";
    };
  }

  private static boolean isAtomStart(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 0xDF && c <= 0xFF && c != 0xF7);
  }

  private static boolean isAtomPart(int c) {
    return isAtomStart(c)
        || (c >= 'A' && c <= 'Z')
        || NumberLiteral.isDigit(c)
        || c == '_'
        || c == '@'
        || (c >= 0xC0 && c <= 0xDE && c != 0xD7);
  }
}
