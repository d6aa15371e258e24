package dev.raccoon.toolchain;

import dev.raccoon.toolchain.ErlangTerm.Atom;
import dev.raccoon.toolchain.ErlangTerm.Entry;
import dev.raccoon.toolchain.ErlangTerm.Int;
import dev.raccoon.toolchain.ErlangTerm.ListOf;
import dev.raccoon.toolchain.ErlangTerm.MapOf;
import dev.raccoon.toolchain.ErlangTerm.Text;
import dev.raccoon.toolchain.ErlangTerm.Tuple;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the part of Elixir's literals that Mix writes into a lock file: maps, tuples, lists,
 * keyword lists, strings without interpolation, atoms and integers. What else there may be is
 * refused. {@link ErlangTerms#MAX_DEPTH} bounds the recursion. A keyword is a tuple of its atom and
 * value.
 */
final class ElixirLiteral {
  private static final int MAX_DIGITS = 18;
  private static final int MAX_ATOM_LENGTH = 255;

  private final SourceText in;

  ElixirLiteral(SourceText in) {
    this.in = in;
  }

  /** The one map that the text is. */
  MapOf readMap() {
    skip();
    ErlangTerm term = term(0);
    skip();
    if (in.peek() != SourceText.END) {
      throw in.malformed("Nothing may follow the map.");
    }
    if (term instanceof MapOf map) {
      return map;
    }
    throw in.malformed("A map was expected.");
  }

  private void skip() {
    while (SourceText.isBlank(in.peek()) || in.peek() == '#') {
      if (in.next() == '#') {
        while (in.peek() != '\n' && in.peek() != SourceText.END) {
          in.next();
        }
      }
    }
  }

  private ErlangTerm term(int depth) {
    if (depth > ErlangTerms.MAX_DEPTH) {
      throw in.malformed("Terms lie deeper within one another than can be read.");
    }
    if (in.take("%{")) {
      return new MapOf(entries(depth + 1));
    }
    if (in.take("{")) {
      return new Tuple(elements('}', depth + 1));
    }
    if (in.take("[")) {
      return new ListOf(elements(']', depth + 1));
    }
    if (in.peek() == '"') {
      return new Text(string());
    }
    if (in.take(":")) {
      return new Atom(in.peek() == '"' ? string() : word());
    }
    return isDigit(in.peek()) ? integer() : new Atom(reserved());
  }

  private List<Entry> entries(int depth) {
    List<Entry> entries = new ArrayList<>();
    skip();
    while (!in.take("}")) {
      ErlangTerm element = element(depth);
      skip();
      if (in.take("=>")) {
        skip();
        entries.add(new Entry(element, term(depth)));
      } else if (element instanceof Tuple(List<ErlangTerm> pair)
          && pair.size() == 2
          && pair.getFirst() instanceof Atom) {
        entries.add(new Entry(pair.getFirst(), pair.getLast()));
      } else {
        throw in.malformed("A map's key must be followed by its value.");
      }
      separator('}');
    }
    return entries;
  }

  private List<ErlangTerm> elements(char end, int depth) {
    List<ErlangTerm> elements = new ArrayList<>();
    skip();
    while (!in.take(Character.toString(end))) {
      elements.add(element(depth));
      separator(end);
    }
    return elements;
  }

  /** A comma, unless the end comes; a comma may stand before it. */
  private void separator(char end) {
    skip();
    if (!in.take(",") && in.peek() != end) {
      throw in.malformed(
          "A comma or the end of a list was expected, not " + SourceText.shown(in.peek()) + ".");
    }
    skip();
  }

  /** A term, or a keyword: {@code name: value} or {@code "name": value}. */
  private ErlangTerm element(int depth) {
    if (in.peek() == '"') {
      String text = string();
      return in.peek() == ':' ? keyword(text, depth) : new Text(text);
    }
    if (isWordStart(in.peek())) {
      String name = word();
      return in.peek() == ':' ? keyword(name, depth) : new Atom(constant(name));
    }
    return term(depth);
  }

  private Tuple keyword(String name, int depth) {
    in.next();
    if (!SourceText.isBlank(in.peek())) {
      throw in.malformed("A blank must follow the colon of a keyword.");
    }
    skip();
    return new Tuple(List.of(new Atom(name), term(depth)));
  }

  private String reserved() {
    if (!isWordStart(in.peek())) {
      throw in.malformed("A term was expected, not " + SourceText.shown(in.peek()) + ".");
    }
    return constant(word());
  }

  private String constant(String word) {
    return switch (word) {
      case "true", "false", "nil" -> word;
      default -> throw in.malformed("A lock file holds no names of variables or functions.");
    };
  }

  private String word() {
    StringBuilder word = new StringBuilder();
    while (isWordStart(in.peek()) || isDigit(in.peek()) || in.peek() == '@') {
      word.appendCodePoint(in.next());
    }
    if (word.isEmpty() || word.length() > MAX_ATOM_LENGTH) {
      throw in.malformed("An atom has from 1 to " + MAX_ATOM_LENGTH + " characters.");
    }
    return word.toString();
  }

  private String string() {
    in.next();
    StringBuilder text = new StringBuilder();
    for (int next = in.next(); next != '"'; next = in.next()) {
      if (next == '#' && in.peek() == '{') {
        throw in.malformed("A lock file's strings hold nothing that is computed.");
      }
      text.appendCodePoint(next == '\\' ? escaped(in.next()) : next);
    }
    return text.toString();
  }

  private int escaped(int character) {
    return switch (character) {
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case '"', '\\', '#' -> character;
      default -> throw in.malformed("A lock file's strings have no other escapes than \\n.");
    };
  }

  private Int integer() {
    StringBuilder digits = new StringBuilder();
    while (isDigit(in.peek())) {
      digits.appendCodePoint(in.next());
      if (digits.length() > MAX_DIGITS) {
        throw in.malformed("A number has more digits than can be read.");
      }
    }
    return new Int(new BigInteger(digits.toString()));
  }

  private static boolean isDigit(int character) {
    return character >= '0' && character <= '9';
  }

  private static boolean isWordStart(int character) {
    return (character >= 'a' && character <= 'z')
        || (character >= 'A' && character <= 'Z')
        || character == '_';
  }
}
