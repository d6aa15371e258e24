package dev.raccoon.toolchain;

import java.util.List;

/**
 * The terms of a file such as {@code NAME.app}, {@code rebar.config} or {@code rebar.lock}, each
 * ended by a dot: what Erlang's {@code file:consult/1} reads. Nothing is evaluated, and any input
 * has one of the two outcomes.
 *
 * <p>Narrower than Erlang: no funs, no parentheses, no {@code [Head | Tail]}, no binary segment
 * with a size or a type other than {@code utf8}. Where releases differ (triple-quoted strings, see
 * EEP 64), Erlang/OTP 27 is followed.
 */
public sealed interface ErlangTerms {
  /** Longer input is refused. */
  int MAX_BYTES = 1024 * 1024;

  /** Terms within terms: deeper input is refused. */
  int MAX_DEPTH = 100;

  /** The terms in their order. */
  record Parsed(List<ErlangTerm> terms) implements ErlangTerms {
    public Parsed {
      terms = List.copyOf(terms);
    }
  }

  /**
   * Input that holds something else.
   *
   * @param line where it was noticed, from 1
   * @param why a sentence in one printable line
   */
  record Malformed(int line, String why) implements ErlangTerms {}

  /**
   * Reads a file's bytes: as UTF-8, or as ISO 8859-1 where the first two lines have a {@code
   * coding: latin-1} comment or the bytes are no UTF-8.
   */
  static ErlangTerms parse(byte[] bytes) {
    if (bytes.length > MAX_BYTES) {
      return new Malformed(1, "The file is larger than " + MAX_BYTES + " bytes.");
    }
    try {
      return new Parsed(new TermReader(SourceText.decode(bytes)).readAll());
    } catch (MalformedFileException e) {
      return new Malformed(e.line(), e.why());
    }
  }
}
