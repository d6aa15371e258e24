package dev.raccoon.toolchain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.toolchain.ErlangTerms.Parsed;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Erlang's own {@code file:consult/1} reads the same terms. What was parsed here is written again
 * in one plain form, with neither strings nor escapes, and Erlang compares the two files.
 */
class ErlangAgreesTest {
  private static final List<String> TRICKY =
      List.of(
          "{application,'Elixir.X',[{vsn,\"1.0\"},{mod,{x,[]}}]}.",
          "[1_000, 16#ff_Ff, 36#zZ, 2#1_0, -7, - 7, +7, -16#a, $a, -$a, $\\n, $ , $\\s, $%, $\\\"].",
          "\"\\b\\d\\e\\f\\n\\r\\s\\t\\v\\z\\0\\12\\1234\\x41\\x{1F600}\\^a\\^A\\^[\\^_\\^@ é ł 😀\".",
          "\"a\nb\" \"c\" % comment\n \"d\\\ne\".",
          "{'', 'a b', 'it\\'s', été, a@b, aB_9, '\\x{142}', 'end'}.",
          "[1.0, -1.5e10, 1_0.5_0e1_0, 1.0E-3, 1.0e-400, 123456789.123456789e300].",
          "[<<>>, <<\"é\">>, <<\"ł\">>, <<\"é\"/utf8>>, <<1,2,300,-1>>, <<322/utf8,$a,\"b\" \"c\">>].",
          "#{a => 1, \"k\" => #{}, {1, 2} => [], a => 2, 1.0 => x, 1 => y}.",
          "# { a=>b , c\n=>d } . a.% comment at once\n{ } . [ ].",
          "123456789012345678901234567890123456789.",
          "{\u00A0a,\tb,\u0085c}.\f",
          "%% nothing but a comment");

  @TempDir Path folder;

  @Test
  void onTrickyTerms() throws Exception {
    List<OtpInstallation> installed = MachineOtp.all();
    for (int i = 0; i < TRICKY.size(); i++) {
      byte[] text = TRICKY.get(i).getBytes(StandardCharsets.UTF_8);
      assertThat(write(i, text)).as(TRICKY.get(i)).isTrue();
    }
    for (OtpInstallation otp : installed) {
      assertThat(differences(otp)).as(otp.toString()).isEmpty();
    }
  }

  @Test
  void onWhateverOfDamagedFilesIsAccepted() throws Exception {
    List<OtpInstallation> installed = MachineOtp.all();
    long seed = new Random().nextLong();
    Mutations mutations = new Mutations(seed);
    int accepted = 0;
    for (int i = 0; i < 4_000; i++) {
      byte[] good = TRICKY.get(i % TRICKY.size()).getBytes(StandardCharsets.UTF_8);
      byte[] damaged = mutations.text(good);
      if (isComparable(damaged) && write(accepted, damaged)) {
        accepted++;
      }
    }
    assertThat(accepted).as("seed %d", seed).isGreaterThan(100);
    for (OtpInstallation otp : installed) {
      assertThat(differences(otp)).as("seed %d, %s", seed, otp).isEmpty();
    }
  }

  /**
   * Erlang reads UTF-8 only, and what two quotes in a row or {@code \^?} mean depends on its
   * release.
   */
  private static boolean isComparable(byte[] text) {
    String decoded = new String(text, StandardCharsets.UTF_8);
    return decoded.indexOf('\uFFFD') < 0 && !decoded.contains("\"\"") && !decoded.contains("\\^?");
  }

  /** Whether the text was accepted; then it lies beside its plain form. */
  private boolean write(int number, byte[] text) throws IOException {
    if (!(ErlangTerms.parse(text) instanceof Parsed(List<ErlangTerm> terms))) {
      return false;
    }
    Files.write(folder.resolve(number + ".given"), text);
    Files.writeString(
        folder.resolve(number + ".plain"),
        terms.stream().map(term -> plain(term) + ".\n").collect(Collectors.joining()));
    return true;
  }

  private List<String> differences(OtpInstallation otp) throws Exception {
    Path output = folder.resolve("differences");
    List<String> command =
        new ArrayList<>(List.of(otp.bin().resolve("erl").toString(), "-noshell", "-eval"));
    command.add(
        """
        {ok, Names} = file:list_dir("."),
        [io:format("~ts~n", [Name]) || Name <- Names, filename:extension(Name) =:= ".given",
          begin
            {ok, Plain} = file:consult(filename:rootname(Name) ++ ".plain"),
            file:consult(Name) =/= {ok, Plain}
          end],
        halt().
        """);
    Process erl =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    boolean ended = erl.waitFor(60, TimeUnit.SECONDS);
    erl.destroyForcibly();
    assertThat(ended).as("erl ended by itself: %s", Files.readString(output)).isTrue();
    assertThat(erl.exitValue()).as(Files.readString(output)).isZero();
    List<String> differing = new ArrayList<>();
    for (String name : Files.readAllLines(output)) {
      differing.add(Files.readString(folder.resolve(name)));
    }
    return differing;
  }

  private static String plain(ErlangTerm term) {
    return switch (term) {
      case ErlangTerm.Atom(String name) ->
          name.codePoints()
              .mapToObj("\\x{%x}"::formatted)
              .collect(Collectors.joining("", "'", "'"));
      case ErlangTerm.Text text -> plain(text.asList());
      case ErlangTerm.Binary(String octets) ->
          octets.chars().mapToObj(Integer::toString).collect(Collectors.joining(",", "<<", ">>"));
      case ErlangTerm.Int(BigInteger value) -> value.toString();
      case ErlangTerm.FloatingPoint(double value) -> "%.20e".formatted(value);
      case ErlangTerm.ListOf(List<ErlangTerm> elements) -> plain("[", elements, "]");
      case ErlangTerm.Tuple(List<ErlangTerm> elements) -> plain("{", elements, "}");
      case ErlangTerm.MapOf(List<ErlangTerm.Entry> entries) ->
          entries.stream()
              .map(entry -> plain(entry.key()) + "=>" + plain(entry.value()))
              .collect(Collectors.joining(",", "#{", "}"));
    };
  }

  private static String plain(String open, List<ErlangTerm> elements, String close) {
    return elements.stream()
        .map(ErlangAgreesTest::plain)
        .collect(Collectors.joining(",", open, close));
  }
}
