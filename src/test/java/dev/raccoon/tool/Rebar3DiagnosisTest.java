package dev.raccoon.tool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The outputs are rebar3 3.19's own, on OTP 25 and 27, of the fixtures and of the like. */
@Timeout(20)
class Rebar3DiagnosisTest {
  private static final String BEGINNING =
      "==> rebar3 compile, with OTP 25.2.3\n===> Verifying dependencies...\n";

  @Test
  void anErrorOfTheCompilerIsQuoted() {
    compile(
        """
        ===> Analyzing applications...
        ===> Compiling broken
        ===> Compiling src/broken.erl failed
        broken.erl:4:15: function answer/0 undefined

        """,
        "broken.erl:4:15: function answer/0 undefined");
  }

  @Test
  void ofSeveralErrorsTheFirstIsQuoted() {
    compile(
        """
        ===> Analyzing applications...
        ===> Compiling syntax
        ===> Compiling src/syntax.erl failed
        syntax.erl:3:4: syntax error before: '->'

        syntax.erl:2:2: function a/0 undefined

        """,
        "syntax.erl:3:4: syntax error before: '->'");
  }

  @Test
  void theOtherFormOfALineAndColumnIsKnown() {
    compile(
        """
        ===> Analyzing applications...
        ===> Compiling nohrl
        ===> Compiling src/nohrl.erl failed
        nohrl.erl:{2,14}: can't find include lib "cowlib/include/cow_inline.hrl"; Make sure cowlib is in your app file's 'applications' list

        """,
        "nohrl.erl:{2,14}: can't find include lib \"cowlib/include/cow_inline.hrl\"; Make sure"
            + " cowlib is in your app file's 'applications' list");
  }

  @Test
  void warningsAreNoReasons() {
    compile(
        """
        ===> Analyzing applications...
        /build/yrl/src/yrl_p.yrl: grammar rules are missing
        /build/yrl/src/yrl_p.yrl:2:1: Warning: unknown or bad declaration, ignored
        ===> Compiling src/yrl_p.yrl failed
        /build/yrl/src/yrl_p.yrl:1:1: Warning: unknown or bad declaration, ignored
        /build/yrl/src/yrl_p.yrl:none: grammar rules are missing
        /build/yrl/src/yrl_p.yrl:none: Rootsymbol is missing

        """,
        "/build/yrl/src/yrl_p.yrl:none: grammar rules are missing");
  }

  @Test
  void withoutACompilersErrorTheLastThingThatRebar3SaysIsQuoted() {
    unclear(
        """
        ===> Analyzing applications...
        ===> Compiling missing_vsn
        ===> Failed to get app value 'vsn' from '/build/missing_vsn/src/missing_vsn.app.src'

        """,
        "Failed to get app value 'vsn' from '/build/missing_vsn/src/missing_vsn.app.src'");
    unclear(
        "===> OTP release 99 or later is required. Version in use: 25.2.3\n",
        "OTP release 99 or later is required. Version in use: 25.2.3");
    unclear(
        "===> Error reading file rebar.config: 2: syntax error before: '.'\n",
        "Error reading file rebar.config: 2: syntax error before: '.'");
  }

  @Test
  void whatItWasAtIsNoReason() {
    unclear("===> Compiling two\nKilled\n", "rebar3 ended with status 1; its last line: Killed");
  }

  @Test
  void silenceIsToldToo() {
    assertThat(read("==> rebar3 compile, with OTP 25.2.3\n"))
        .isEqualTo(new Finding.Unclear("rebar3 ended with status 1 and said nothing."));
  }

  @Test
  void aMissingHexPackageIsNamed() {
    dependency(
        """
        ===> Failed to update package raccoon_has_no_such_dependency from repo hexpm
        ===> Package not found in any repo: raccoon_has_no_such_dependency 1.0.0
        """,
        "The dependency raccoon_has_no_such_dependency 1.0.0");
  }

  @Test
  void aChecksumThatTheLockDoesNotHaveIsSaid() {
    assertThat(
            new Rebar3Diagnosis()
                .of(
                    """
                    ===> Verifying dependencies...
                    ===> Checksum mismatch for package upper-1.0.0 from repo hexpm
                    ===> Package not found in any repo: upper 1.0.0
                    """,
                    1))
        .isEqualTo(
            new Finding.Distrusted(
                "The dependency upper-1.0.0 is not the one that rebar.lock means: its checksum there is another."));
  }

  @Test
  void aRegistryThatIsSignedWithAnotherKeyIsSaid() {
    assertThat(
            new Rebar3Diagnosis()
                .of(
                    """
                    ===> The registry repository hexpm uses a record format that has been deprecated for security reasons.
                    ===> Package not found in any repo: upper
                    """,
                    1))
        .isInstanceOf(Finding.Distrusted.class)
        .asString()
        .contains("The dependency upper could not be had", "hexpm", "RACCOON_HEX_MIRROR_KEY");
  }

  @Test
  void aMissingGitDependencyIsNamedThoughRebar3Crashes() {
    dependency(
        """
        ===> Fetching x (from {git,"https://example.invalid/x.git",{tag,"1.0"}})
        escript: exception error: no function clause matching\s
                         rebar_fetch:format_error({rebar_fetch,offline}) (rebar_fetch.erl, line 99)
          in function  rebar3:handle_error/2 (rebar3.erl, line 359)
          in call from escript:run/2 (escript.erl, line 904)
        """,
        "The dependency x");
  }

  @Test
  void aMissingPluginThatIsNeededIsNamed() {
    dependency(
        """
        ===> Failed to update package pc from repo hexpm
        ===> Errors loading plugin pc. Run rebar3 with DEBUG=1 set to see errors.
        ===> Verifying dependencies...
        ===> Unable to run pre hooks for 'compile', command 'compile' in namespace 'pc' not found.
        """,
        "The plugin pc");
  }

  @Test
  void aMissingPluginThatIsNotNeededIsNotTheReason() {
    compile(
        """
        ===> Failed to update package pc from repo hexpm
        ===> Errors loading plugin pc. Run rebar3 with DEBUG=1 set to see errors.
        ===> Compiling broken
        ===> Compiling src/broken.erl failed
        broken.erl:4:15: function answer/0 undefined
        """,
        "broken.erl:4:15: function answer/0 undefined");
  }

  @Test
  void coloursAndControlCharactersAreLeftOut() {
    compile(
        "\u001b[0;31m===> Compiling src/a.erl failed\r\n\u001b[0m\u001b[1msrc/a.erl:1:2: b\u202ead\u0000\r\n",
        "src/a.erl:1:2: bad");
  }

  @Test
  void aLongLineIsCut() {
    assertThat(read("===> Compiling a failed\na.erl:1: " + "x".repeat(5000) + "\n"))
        .asString()
        .hasSizeLessThan(400)
        .contains("x…");
  }

  @Test
  void aCharacterOfTwoUnitsIsNotCutInHalf() {
    assertThat(read("===> Compiling a failed\na.erl:1: " + "🦝".repeat(600)).toString())
        .contains("🦝…");
    assertThat(read("===> Compiling a failed\na.erl:1:  " + "🦝".repeat(600)).toString())
        .contains("🦝…");
  }

  @ParameterizedTest(name = "{index}")
  @ValueSource(strings = {"\u2028", "\u2029", "\u202e", "\ud83e", "\udd9d", "\u009b", "\u0000"})
  void aReasonIsOneLineThatSteersNoTerminal(String odd) {
    assertThat(read("make: *** no " + odd + "rule\n").toString()).contains(": make: *** no rule]");
    assertThat(read(odd + "\n").toString()).contains(" and said nothing.]");
  }

  /** Each is as long as what is read of a log. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        " ",
        "a",
        "/",
        "a/",
        "a:",
        ":",
        ".",
        "\n",
        "\t",
        "\u001b[",
        "\u001b[1;",
        "1",
        "│ ",
        "===> ",
        "===> Fetching ",
        "===> Compiling a failed\n",
        "a.erl:1",
        "a.erl:1:",
        "{1,",
        "===> Errors loading plugin ",
        "rebar_fetch:"
      })
  void hostileOutputIsReadInNoTime(String piece) {
    String output = piece.repeat(256 * 1024 / piece.length());

    assertThat(read("===> Compiling a failed\n" + output)).isNotNull();
    assertThat(read("===> " + output + "\n===> Unable to run x")).isNotNull();
  }

  private static void compile(String printed, String reason) {
    assertThat(read(BEGINNING + printed)).isEqualTo(new Finding.Compiler(reason));
  }

  private static void unclear(String printed, String words) {
    assertThat(read(BEGINNING + printed)).isEqualTo(new Finding.Unclear(words));
  }

  private static void dependency(String printed, String what) {
    assertThat(read(BEGINNING + printed)).isEqualTo(new Finding.Dependency(what));
  }

  private static Finding read(String printed) {
    return new Rebar3Diagnosis().of(printed, 1);
  }
}
