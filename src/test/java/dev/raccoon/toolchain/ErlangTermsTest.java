package dev.raccoon.toolchain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.toolchain.ErlangTerm.Atom;
import dev.raccoon.toolchain.ErlangTerm.Binary;
import dev.raccoon.toolchain.ErlangTerm.Entry;
import dev.raccoon.toolchain.ErlangTerm.FloatingPoint;
import dev.raccoon.toolchain.ErlangTerm.Int;
import dev.raccoon.toolchain.ErlangTerm.ListOf;
import dev.raccoon.toolchain.ErlangTerm.MapOf;
import dev.raccoon.toolchain.ErlangTerm.Text;
import dev.raccoon.toolchain.ErlangTerm.Tuple;
import dev.raccoon.toolchain.ErlangTerms.Malformed;
import dev.raccoon.toolchain.ErlangTerms.Parsed;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ErlangTermsTest {

  @Test
  void aFileIsItsTermsInOrderWithoutBlanksAndComments() {
    assertThat(parse("%% first\n{a, 'B c'}. % one\n\n[].%end\n#{k => \"v\", 1 => <<>>}."))
        .isEqualTo(
            new Parsed(
                List.of(
                    new Tuple(List.of(new Atom("a"), new Atom("B c"))),
                    new ListOf(List.of()),
                    new MapOf(
                        List.of(
                            new Entry(new Atom("k"), new Text("v")),
                            new Entry(Int.of(1), new Binary("")))))));
    assertThat(parse(" % nothing")).isEqualTo(new Parsed(List.of()));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "0, 0",
        "1_000, 1000",
        "16#fF, 255",
        "16#ff_ff, 65535",
        "36#z, 35",
        "2#101, 5",
        "-7, -7",
        "- 7, -7",
        "+7, 7",
        "$a, 97",
        "$\\n, 10",
        "$\\x41, 65",
        "$\\x{1F600}, 128512",
        "$\\^A, 1",
        "$\\101, 65",
        "-$a, -97",
        "$%, 37",
        "$\\s, 32",
        "123456789012345678901234567890, 123456789012345678901234567890",
      })
  void anIntegerHasOneOfManyForms(String written, String value) {
    assertThat(term(written)).isEqualTo(new Int(new java.math.BigInteger(value)));
  }

  @Test
  void floatsAreRead() {
    assertThat(term("1.5")).isEqualTo(new FloatingPoint(1.5));
    assertThat(term("-1_0.5e-1")).isEqualTo(new FloatingPoint(-1.05));
  }

  @Test
  void stringsAreJoinedAndTheirEscapesReplaced() {
    assertThat(term("\"a\\\"b\" % c\n \"\\x{e9}\\t\\\\\"")).isEqualTo(new Text("a\"bé\t\\"));
    assertThat(((Text) term("\"é!\"")).asList())
        .isEqualTo(new ListOf(List.of(Int.of(0xE9), Int.of('!'))));
  }

  @Test
  void aTripleQuotedStringIsVerbatimLessItsIndentation() {
    assertThat(term("\"\"\"\n  a \\n\n\n    \"\"b\n  \"\"\""))
        .isEqualTo(new Text("a \\n\n\n  \"\"b"));
    assertThat(term("\"\"\"\"\n\"\"\"\n\"\"\"\"")).isEqualTo(new Text("\"\"\""));
    assertThat(term("\"\"\"\n\"\"\"")).isEqualTo(new Text(""));
    assertThat(term("\"\"\"\r\na\r\n\"\"\"")).isEqualTo(new Text("a"));
  }

  @Test
  void aBinaryHoldsBytesAndUtf8OnlyWhereItSaysSo() {
    assertThat(((Binary) term("<<1, 2, -1, 300, \"é\">>")).bytes())
        .containsExactly(1, 2, 0xFF, 44, 0xE9);
    assertThat(((Binary) term("<<\"é\"/utf8, 322/utf8>>")).bytes())
        .isEqualTo("éł".getBytes(StandardCharsets.UTF_8));
    assertThat(term("<<\"é\"/utf8>>").characters()).contains("é");
  }

  @Test
  void bytesThatAreNoUtf8AreLatin1AsAreThoseOfAFileThatSaysSo() {
    assertThat(ErlangTerms.parse("\"é\".".getBytes(StandardCharsets.ISO_8859_1)))
        .isEqualTo(new Parsed(List.of(new Text("é"))));
    String declared = "%% -*- coding: Latin-1 -*-\n\"Ã©\".";
    assertThat(ErlangTerms.parse(declared.getBytes(StandardCharsets.ISO_8859_1)))
        .isEqualTo(new Parsed(List.of(new Text("Ã©"))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "a b.",
        "a.b.",
        "{a",
        "[a,].",
        "[,a].",
        "{a;b}.",
        "[a|b].",
        "[a|[b]].",
        "X.",
        "_.",
        "{X}.",
        "?MODULE.",
        "fun a:b/1.",
        "fun() -> ok end.",
        "(a).",
        "1 + 2.",
        "\"a\" ++ \"b\".",
        "#rec{}.",
        "#{a := 1}.",
        "#{a}.",
        "end.",
        "- -1.",
        "-a.",
        "1_.",
        "1__0.",
        "37#1.",
        "1#0.",
        "16#g.",
        "1.0e.",
        "1.0e999.",
        "\"a",
        "'a",
        "$",
        "\"\\x{D800}\".",
        "\"\\x{110000}\".",
        "\"\\xg0\".",
        "<<1:4>>.",
        "<<a>>.",
        "<<1/binary>>.",
        "<<1.0>>.",
        "<<55296/utf8>>.",
        "<<99999999/utf8>>.",
        "<a>.",
        "łódź.",
        "~\"sigil\".",
        "\"\"\"x\"\"\".",
        "\"\"\"\n a\n  \"\"\".",
        "\"\"\"\na",
        "]",
        ".",
        "{'a'b}.",
        "\uFEFFa.",
      })
  void whatIsNoTermIsRefusedWithAPrintableReason(String text) {
    assertThat(parse(text))
        .isInstanceOfSatisfying(
            Malformed.class, refused -> assertThat(refused.why()).matches("[\\x20-\\x7E…]+\\."));
  }

  @Test
  void aRefusalNamesTheLine() {
    assertThat(parse("{ok,\n [1,\n  Var]}."))
        .isEqualTo(new Malformed(3, "A variable cannot stand in a term."));
    assertThat(parse("a.\n\"begins\n\n"))
        .isEqualTo(new Malformed(2, "The string that begins here never ends."));
    assertThat(parse("[a\n|b]."))
        .isEqualTo(new Malformed(2, "A list with a tail ([Head | Tail]) is not supported."));
  }

  @Test
  void depthSizeAndLengthsAreBounded() {
    int deep = ErlangTerms.MAX_DEPTH;
    assertThat(parse("[".repeat(deep) + "a" + "]".repeat(deep) + ".")).isInstanceOf(Parsed.class);
    assertThat(parse("[".repeat(deep + 1) + "a" + "]".repeat(deep + 1) + "."))
        .isInstanceOf(Malformed.class);
    for (String opening : List.of("[", "{", "#{a=>", "#{{")) {
      assertThat(parse(opening.repeat(200_000))).isInstanceOf(Malformed.class);
    }
    assertThat(parse("a.".concat(" ".repeat(ErlangTerms.MAX_BYTES)))).isInstanceOf(Malformed.class);
    assertThat(parse("9".repeat(900_000) + ".")).isInstanceOf(Malformed.class);
    assertThat(parse("1.0e" + "9".repeat(900_000) + ".")).isInstanceOf(Malformed.class);
    assertThat(parse("a".repeat(255) + ".")).isInstanceOf(Parsed.class);
    assertThat(parse("'" + "a".repeat(256) + "'.")).isInstanceOf(Malformed.class);
  }

  @Test
  void anyBytesHaveAnOutcome() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 5_000; i++) {
      byte[] bytes = new byte[random.nextInt(200)];
      random.nextBytes(bytes);
      assertThat(ErlangTerms.parse(bytes)).as("seed %d, run %d", seed, i).isNotNull();
    }
  }

  private static ErlangTerms parse(String text) {
    return ErlangTerms.parse(text.getBytes(StandardCharsets.UTF_8));
  }

  private static ErlangTerm term(String text) {
    return switch (parse(text + " .")) {
      case Parsed(List<ErlangTerm> terms) -> terms.getFirst();
      case Malformed(int line, String why) -> throw new AssertionError(line + ": " + why);
    };
  }
}
