package dev.raccoon.toolchain;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import dev.raccoon.fuzz.FuzzTarget;
import dev.raccoon.fuzz.Property;
import java.math.BigInteger;
import java.util.List;

/** A file of Erlang terms: what was read is the same when it is written and read again. */
public final class ErlangTermsFuzz implements FuzzTarget {
  @Override
  public List<String> seeds() {
    return List.of(
        "{application, demo, [{vsn, \"1.0.0\"}, {modules, []}]}.\n",
        "%% coding: latin-1\n{'a b', $x, 16#ff, 1_000, -2.5e-3, <<\"x\"/utf8, 255>>, #{a => 1}}.",
        "[\"a\\x{1F99D}\" \"\\n\\s\\^a\\077\"]. {}. \"\".\n",
        "\"\"\"\n  three\n    lines\n  \"\"\".",
        "[[[[[[[[[[[[]]]]]]]]]]]].");
  }

  @Override
  public void check(byte[] input) {
    switch (ErlangTerms.parse(input)) {
      case ErlangTerms.Malformed(int line, String why) -> {
        Property.holds(line >= 1, "a line before the first");
        Property.sentence(why);
      }
      case ErlangTerms.Parsed parsed -> writtenAndReadAgain(parsed);
    }
  }

  private static void writtenAndReadAgain(ErlangTerms.Parsed parsed) {
    String written = parsed.terms().stream().map(term -> written(term) + ".\n").collect(joining());
    // Escapes are longer than what they stand for: it may be more than a file may have.
    if (written.length() <= ErlangTerms.MAX_BYTES) {
      Property.same(ErlangTerms.parse(written.getBytes(UTF_8)), parsed);
    }
  }

  private static String written(ErlangTerm term) {
    return switch (term) {
      case ErlangTerm.Atom(String name) -> {
        Property.holds(name.codePointCount(0, name.length()) <= 255, "an atom that is too long");
        yield "'" + escaped(name) + "'";
      }
      case ErlangTerm.Text(String value) -> '"' + escaped(value) + '"';
      case ErlangTerm.Binary binary -> octets(binary.bytes());
      case ErlangTerm.Int(BigInteger value) ->
          (value.signum() < 0 ? "-" : "") + "36#" + value.abs().toString(36);
      case ErlangTerm.FloatingPoint(double value) -> {
        Property.holds(Double.isFinite(value), "no finite number");
        yield Double.toString(value);
      }
      case ErlangTerm.ListOf(List<ErlangTerm> elements) -> "[" + all(elements) + "]";
      case ErlangTerm.Tuple(List<ErlangTerm> elements) -> "{" + all(elements) + "}";
      case ErlangTerm.MapOf(List<ErlangTerm.Entry> entries) ->
          entries.stream()
              .map(entry -> written(entry.key()) + " => " + written(entry.value()))
              .collect(joining(", ", "#{", "}"));
    };
  }

  private static String all(List<ErlangTerm> terms) {
    return terms.stream().map(ErlangTermsFuzz::written).collect(joining(", "));
  }

  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    text.codePoints()
        .forEach(c -> {
          if (Character.isLetterOrDigit(c)) {
            escaped.appendCodePoint(c);
          } else {
            escaped.append("\\x{").append(Integer.toHexString(c)).append('}');
          }
        });
    return escaped.toString();
  }

  private static String octets(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    for (byte octet : bytes) {
      text.append(text.isEmpty() ? "" : ",").append(octet & 0xFF);
    }
    return "<<" + text + ">>";
  }
}
