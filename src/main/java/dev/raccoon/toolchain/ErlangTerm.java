package dev.raccoon.toolchain;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** An Erlang term as a file of terms can hold it. Immutable. */
public sealed interface ErlangTerm {

  /** An atom, by its name of up to 255 characters. */
  record Atom(String name) implements ErlangTerm {}

  /** A string. In Erlang it is the list of its code points, and {@code ""} is the empty list. */
  record Text(String value) implements ErlangTerm {
    /** The same term as a list of integers. */
    public ListOf asList() {
      return new ListOf(value.codePoints().<ErlangTerm>mapToObj(Int::of).toList());
    }
  }

  /** A binary; each character of {@code octets} is one byte, 0 to 255. */
  record Binary(String octets) implements ErlangTerm {
    /** A copy of the bytes. */
    public byte[] bytes() {
      return octets.getBytes(StandardCharsets.ISO_8859_1);
    }
  }

  /** An integer or a character. */
  record Int(BigInteger value) implements ErlangTerm {
    static Int of(long value) {
      return new Int(BigInteger.valueOf(value));
    }
  }

  /** A finite floating point number. */
  record FloatingPoint(double value) implements ErlangTerm {}

  /** A proper list. */
  record ListOf(List<ErlangTerm> elements) implements ErlangTerm {
    public ListOf {
      elements = List.copyOf(elements);
    }

    /** What the first {@code {key, Value}} of a property list holds. */
    public Optional<ErlangTerm> property(String key) {
      Atom wanted = new Atom(key);
      for (ErlangTerm element : elements) {
        if (element instanceof Tuple(List<ErlangTerm> pair)
            && pair.size() == 2
            && pair.getFirst().equals(wanted)) {
          return Optional.of(pair.getLast());
        }
      }
      return Optional.empty();
    }
  }

  /** A tuple. */
  record Tuple(List<ErlangTerm> elements) implements ErlangTerm {
    public Tuple {
      elements = List.copyOf(elements);
    }
  }

  /**
   * A map, as it is written: of equal keys, the last one counts. A list rather than a hash table,
   * which a hostile file could fill with colliding keys.
   */
  record MapOf(List<Entry> entries) implements ErlangTerm {
    public MapOf {
      entries = List.copyOf(entries);
    }
  }

  /** One association of a {@link MapOf}. */
  record Entry(ErlangTerm key, ErlangTerm value) {}

  /**
   * The characters of a string, of the empty list, or of a binary in UTF-8; empty for other terms.
   */
  default Optional<String> characters() {
    return switch (this) {
      case Text(String value) -> Optional.of(value);
      case Binary binary -> Optional.of(new String(binary.bytes(), StandardCharsets.UTF_8));
      case ListOf(List<ErlangTerm> elements) when elements.isEmpty() -> Optional.of("");
      case ListOf _, Atom _, Int _, FloatingPoint _, Tuple _, MapOf _ -> Optional.empty();
    };
  }
}
