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
  }

  @Test
  void aFileThatCannotBeReadIsTheRepositorysFaultWithItsLine() {
    source(
        "===> Error reading file rebar.config: 2: syntax error before: '.'\n",
        "rebar.config, line 2: syntax error before: '.'");
    source(
        "===> Error reading file rebar.config: 1: syntax error before: \n",
        "rebar.config, line 1: syntax error before: the end of the file");
    source(
        "===> Error reading file /build/x/src/x.app.src: 1: syntax error before: is\n",
        "src/x.app.src, line 1: syntax error before: is");
    source(
        "===> Error reading file rebar.config: unknown POSIX error: tokens\n",
        "rebar.config: unknown POSIX error: tokens");
    assertThat(
            read(
                "===> Error reading file /build/x/_build/default/lib/y/rebar.config: 1: illegal\n"))
        .isEqualTo(new Finding.Unmet("_build/default/lib/y/rebar.config, line 1: illegal"));
  }

  @Test
  void aScriptThatCannotBeEvaluatedIsTheRepositorysFaultWithItsLine() {
    String crash =
        """

        ===> Uncaught error in rebar_core. Run with DIAGNOSTIC=1 to see stacktrace or consult rebar3.crashdump
        ===> When submitting a bug report, please include the output of `rebar3 report "your command"`
        """;
    source(
        """
        ===> Error evaluating configuration script at "rebar.config.script":
        {error,{1,erl_parse,["syntax error before: ","'.'"]}}
        """
            + crash,
        "rebar.config.script, line 1: syntax error before: '.'");
    source(
        """
        ===> Error evaluating configuration script at "rebar.config.script":
        {error,{2,file,
                {error,nothing_works,
                       [{erl_eval,do_apply,7,[{file,"erl_eval.erl"},{line,744}]},
                        {file,eval_stream2,6,[{file,"file.erl"},{line,1504}]},
        """
            + crash,
        "rebar.config.script, line 2: it raises nothing_works");
  }

  @Test
  void applicationsThatDependOnEachOtherAreNamed() {
    assertThat(
            read(
                """
                ===> Verifying dependencies...
                ===> Fetching b (from {git,"https://git.example.org/b.git",{tag,"1.0.0"}})
                ===> Dependency cycle(s) detected:
                applications: a b depend on each other
                """))
        .isEqualTo(new Finding.Unmet("The applications a b depend on each other."));
  }

  @Test
  void whatTheCompilerGivesUpAtIsToldWithItsReason() {
    compile(
        """
        ===> Compiling src/badutf.erl failed
        badutf.erl:3:12: cannot parse file, giving up

        badutf.erl:2:2: function a/0 undefined
        badutf.erl:3:12: cannot translate from UTF-8
        """,
        "badutf.erl:3:12: cannot translate from UTF-8");
    compile(
        """
        ===> Compiling src/latin.erl failed
        latin.erl:4:1: cannot parse file, giving up

        latin.erl:4:1: no module definition
        latin.erl:4:1: cannot translate from UTF-8
        """,
        "latin.erl:4:1: cannot translate from UTF-8");
    compile(
        "===> Compiling src/x.erl failed\nx.erl:3:12: cannot parse file, giving up\n",
        "x.erl:3:12: cannot parse file, giving up");
  }

  @Test
  void anOtpThatThePackageDoesNotWantIsNamed() {
    toolchain(
        "===> OTP release 99 or later is required. Version in use: 25.2.3\n",
        "The package needs OTP 99 or later; this is 25.2.3.");
    toolchain(
        "===> OTP release 25.2.3 matches blacklisted version 25\n",
        "The package refuses OTP 25; this is 25.2.3.");
  }

  /** The form of rebar3 3.22 and later, by its own rebar_compiler_format. */
  @Test
  void anErrorInAFrameIsQuotedInOneLine() {
    compile(
        """
        ===> Compiling broken
           ┌─ src/other.erl:
           │
         8 │  unused() ->
           │  ╰── Warning: function unused/0 is unused

        ===> Compiling src/broken.erl failed
            ┌─ src/broken.erl:
            │
         10 │  unused() ->
            │  ╰── Warning: function unused/0 is unused

            ┌─ src/broken.erl:
            │
         14 │  question() -> answer().
            │                ╰── function answer/0 undefined


        """,
        "src/broken.erl:14: function answer/0 undefined");
  }

  @Test
  void aWarningThatIsTakenForAnErrorIsQuoted() {
    compile(
        """
        ===> Compiling h
        ===> Compiling src/h.erl failed
        src/h.erl:3:8: crypto:hmac/3 is removed; use crypto:mac/4 instead
        """,
        "src/h.erl:3:8: crypto:hmac/3 is removed; use crypto:mac/4 instead");
  }

  @Test
  void ofAHookThatFailsItsOwnErrorIsQuoted() {
    compile(
        """
        c_src/y.c: In function ‘f’:
        c_src/y.c:1:17: error: expected expression before ‘}’ token
            1 | int f(){ return }
              |                 ^
        make: *** [Makefile:5: b] Error 1
        ===> Hook for compile failed!

        """,
        "c_src/y.c:1:17: error: expected expression before ‘}’ token");
    unclear(
        """
        CMake Warning:
          Ignoring extra path from command line:

        CMake Error: The source directory "/build/h" does not appear to contain CMakeLists.txt.
        Specify --help for usage, or press the help button on the CMake GUI.
        ===> Hook for compile failed!

        """,
        "a hook failed after: CMake Error: The source directory \"/build/h\" does not appear to"
            + " contain CMakeLists.txt.");
    unclear(
        "one\ntwo\nmake: *** [Makefile:18: i] Error 3\n===> Hook for compile failed!\n",
        "a hook failed after: two");
  }

  @Test
  void aFunctionThatThisOtpLacksIsNamed() {
    compile(
        """
        escript: exception error: undefined function crypto:hmac/1
          in function  erl_eval:local_func/8 (erl_eval.erl, line 644)
          in call from escript:interpret/4 (escript.erl, line 780)
        ===> Hook for compile failed!
        """,
        "there is no function crypto:hmac/1.");
    compile(
        """
        ===> Error evaluating configuration script at "rebar.config.script":
        {error,{2,file,
                {error,undef,
                       [{erlang,no_such,[],[]},
                        {file,script,2,[{file,"file.erl"},{line,1142}]}]}}}

        ===> Uncaught error in rebar_core. Run with DIAGNOSTIC=1 to see stacktrace or consult rebar3.crashdump
        ===> When submitting a bug report, please include the output of `rebar3 report "your command"`
        """,
        "there is no function erlang:no_such.");
  }

  @Test
  void aCrashIsToldOnlyWhereNothingElseIsSaid() {
    String crash =
        """
        ===> Verifying dependencies...
        ===> Uncaught error in rebar_core. Run with DIAGNOSTIC=1 to see stacktrace or consult rebar3.crashdump
        ===> When submitting a bug report, please include the output of `rebar3 report "your command"`
        """;
    source(
        crash,
        "rebar3 crashed: rebar.config, rebar.lock, an .app.src or a plugin of the repository has"
            + " something in a form that it does not know.");
    unclear("===> Plugin x says no\n" + crash, "Plugin x says no");
    dependency(
        "===> Errors loading plugin nobody. Run rebar3 with DEBUG=1 set to see errors.\n" + crash,
        "The plugin nobody");
  }

  @Test
  void whatTheServerLacksForAHookIsItsOwnFault() {
    toolchain(
        "sh: 1: cmake: not found\n===> Hook for compile failed!\n",
        "The build needs the program cmake, which this server does not have: its operator must"
            + " install it.");
    toolchain(
        """
        c_src/x.c:1:10: fatal error: nono.h: No such file or directory
            1 | #include <nono.h>
              |          ^~~~~~~~
        compilation terminated.
        ===> Hook for compile failed!
        """,
        "The build needs the C header nono.h, which neither the package nor this server has.");
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
  void whyADependencyIsMissingIsSaidAsFarAsRebar3Tells() {
    why(
        """
        ===> Fetching one (from {git,"https://git.example.org/acme/one.git",{tag,"0.9.1"}})
        ===> Failed to fetch and copy dep: {git,"https://git.example.org/acme/one.git",
                                           {tag,"0.9.1"}}
        """,
        "there is no https://git.example.org/acme/one.git that anyone may read, or not what is"
            + " asked of it.");
    why(
        "===> Package not found in any repo: one 1.3.0\n",
        "the Hex repository has no such package, or not this version.");
  }

  private static void why(String printed, String why) {
    assertThat(read(BEGINNING + printed))
        .isInstanceOfSatisfying(
            Finding.Dependency.class, found -> assertThat(found.why()).contains(why));
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
            new Finding.Unmet(
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
        .isInstanceOf(Finding.Unmet.class)
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
    dependency(
        """
        ===> Errors loading plugin {pc,".*",
                                     {git,"https://git.example/pc.git",{branch,"master"}}}. Run rebar3 with DEBUG=1 set to see errors.
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
        "rebar_fetch:",
        "┌─ a",
        "undef,",
        "===> Error reading file a",
        "===> Error evaluating configuration script at \"a\":\n{error,{1,file,{error,",
        "a.erl:1: cannot parse file, giving up\n",
        "ld",
        "error "
      })
  void hostileOutputIsReadInNoTime(String piece) {
    String output = piece.repeat(256 * 1024 / piece.length());

    assertThat(read("===> Compiling a failed\n" + output)).isNotNull();
    assertThat(read("===> " + output + "\n===> Unable to run x")).isNotNull();
    assertThat(read(output + "\n===> Hook for compile failed!")).isNotNull();
    assertThat(read("undef, " + output)).isNotNull();
  }

  private static void compile(String printed, String reason) {
    assertThat(read(BEGINNING + printed)).isEqualTo(new Finding.Compiler(reason));
  }

  private static void unclear(String printed, String words) {
    assertThat(read(BEGINNING + printed)).isEqualTo(new Finding.Unclear(words));
  }

  private static void source(String printed, String sentence) {
    assertThat(read(BEGINNING + printed)).isEqualTo(new Finding.Source(sentence));
  }

  private static void toolchain(String printed, String sentence) {
    assertThat(read(BEGINNING + printed)).isEqualTo(new Finding.Toolchain(sentence));
  }

  private static void dependency(String printed, String what) {
    assertThat(read(BEGINNING + printed))
        .isInstanceOfSatisfying(
            Finding.Dependency.class, found -> assertThat(found.what()).isEqualTo(what));
  }

  private static Finding read(String printed) {
    return new Rebar3Diagnosis().of(printed, 1);
  }
}
