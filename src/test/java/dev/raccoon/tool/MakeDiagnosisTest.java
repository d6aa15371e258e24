package dev.raccoon.tool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The outputs are those of GNU make 4.3 on Debian 12, of git, gcc, erlc and several erlang.mk. */
@Timeout(20)
class MakeDiagnosisTest {
  @Test
  void theFirstErrorOfTheCompilerIsQuoted() {
    compiler(
        """
         ERLC   b.erl
        src/a.erl:4:1: Warning: function y/0 is unused
        %    4| y() -> 1.
        %     | ^

        src/b.erl:2:14: can't find include lib "nono/include/x.hrl"
        %    2| -include_lib("nono/include/x.hrl").
        %     |              ^

        src/b.erl:3:7: syntax error before: '>'
        %    3| x() ->> 1.
        %     |       ^

        make[1]: *** [erlang.mk:268: app-build] Error 1
        make: *** [erlang.mk:254: app] Error 2
        """,
        "src/b.erl:2:14: can't find include lib \"nono/include/x.hrl\"");
  }

  @Test
  void aWarningThatIsTakenForAnErrorIsQuoted() {
    compiler(
        """
        compile: warnings being treated as errors
        src/a.erl:3:8: crypto:hmac/3 is removed; use crypto:mac/4 instead
        make: *** [Makefile:3: a] Error 1
        """,
        "src/a.erl:3:8: crypto:hmac/3 is removed; use crypto:mac/4 instead");
  }

  @Test
  void aDependencyThatErlangMkCannotFetchIsNamed() {
    dependency(
        """
         DEP    gone (main)
        fatal: unable to access 'http://git.example.org/gone/': Could not resolve host
        /bin/sh: 1: cd: can't cd to /build/p/deps/gone
        make: *** [erlang.mk:1365: /build/p/deps/gone] Error 2
        """,
        "The dependency gone");
    dependency(
        """
        make[1]: Entering directory '/build/p/deps/trans'
         DEP    gone
        error: pathspec '9.9' did not match any file(s) known to git
        make[1]: *** [/build/p/erlang.mk:4530: /build/p/deps/gone] Error 1
        make: *** [erlang.mk:4010: deps] Error 2
        """,
        "The dependency gone");
    dependency("Error: Unknown or invalid dependency: no_such.\n", "The dependency no_such");
  }

  @Test
  void aDependencyThatErlangMkDoesNotMakeReadyIsNamed() {
    dependency(
        """
         PATCH  rb (method: rebar3)
        sh: 1: ./bootstrap: not found
        Crash dump is being written to: erl_crash.dump...done
        Error: the dependency rb was not made ready.
        make: *** [<builtin>: raccoon-dependencies] Error 1
        """,
        "The dependency rb");
    dependency(
        "ERROR: No Makefile to build dependency /build/p/deps/rb.\nmake: *** [erlang.mk:639: deps] Error 2\n",
        "The dependency rb");
  }

  @Test
  void anErlangMkThatIsNotThereIsNamed() {
    dependency(
        "Makefile:2: erlang.mk: No such file or directory\nmake: *** No rule to make target 'erlang.mk'.  Stop.\n",
        "The file erlang.mk, which the Makefile includes,");
  }

  @Test
  void whatAMakefileCannotCloneOrDownloadIsNamed() {
    dependency(
        """
        git clone https://git.example/x/foo.git deps/foo
        Cloning into 'deps/foo'...
        fatal: unable to access 'http://git.example/x/foo.git/': Could not resolve host: git.example
        make: *** [Makefile:22: k] Error 128
        """,
        "The dependency foo");
    dependency(
        "curl: (22) The requested URL returned error: 403\nmake: *** [Makefile:4: rebar] Error 22\n",
        "A file that the Makefile downloads");
  }

  @Test
  void aProgramThatTheServerLacksIsNamed() {
    for (String line :
        new String[] {
          "/bin/sh: 1: nogcc: not found",
          "sh: nogcc: command not found",
          "/bin/bash: line 1: nogcc: command not found",
          "./configure: 12: nogcc: not found",
          "make: nogcc: No such file or directory",
          "make[1]: nogcc: No such file or directory",
          "/usr/bin/env: ‘nogcc’: No such file or directory",
          "bwrap: execvp nogcc: No such file or directory"
        }) {
      toolchain(
          line + "\nmake: *** [Makefile:7: c] Error 127\n",
          "The build needs the program nogcc, which this server does not have: its operator must"
              + " install it.");
    }
  }

  @Test
  void aFileOfThePackagesOwnThatIsNotThereIsItsOwnFault() {
    unclear(
        "echo hi\nmake: ./rebar: No such file or directory\nmake: *** [Makefile:12: f] Error 127\n",
        "make gave up after: make: ./rebar: No such file or directory");
  }

  @Test
  void aHeaderOrLibraryThatIsNotThereIsNamed() {
    toolchain(
        """
        c_src/x.c:1:10: fatal error: openssl/nono.h: No such file or directory
            1 | #include <openssl/nono.h>
              |          ^~~~~~~~
        compilation terminated.
        make: *** [Makefile:3: a] Error 1
        """,
        "The build needs the C header openssl/nono.h, which neither the package nor this server"
            + " has.");
    toolchain(
        """
        /usr/bin/ld: cannot find -lnono: No such file or directory
        collect2: error: ld returned 1 exit status
        make: *** [Makefile:14: g] Error 1
        """,
        "The build needs the C library nono, which this server does not have: its operator must"
            + " install it.");
  }

  @Test
  void anErrorOfTheCCompilerIsQuoted() {
    compiler(
        """
        c_src/y.c: In function ‘f’:
        c_src/y.c:1:17: error: expected expression before ‘}’ token
            1 | int f(){ return }
        make: *** [Makefile:5: b] Error 1
        """,
        "c_src/y.c:1:17: error: expected expression before ‘}’ token");
  }

  @Test
  void aFunctionThatThisOtpLacksIsNamed() {
    compiler(
        """
        {"init terminating in do_boot",{undef,[{crypto,hmac,[a],[]},{erl_eval,do_apply,7,[{file,"erl_eval.erl"},{line,744}]}]}}
        init terminating in do_boot ({undef,[{crypto,hmac,[a],[]},{erl_eval,do_apply,7,[{_},{_}]}]})

        Crash dump is being written to: erl_crash.dump...done
        make: *** [Makefile:20: j] Error 1
        """,
        "there is no function crypto:hmac.");
  }

  @Test
  void anErrorOfElixirsIsQuotedAndNotItsReport() {
    unclear(
        """
         MIX    rabbitmq_cli
        08:47:42.506 [error] Task #PID<0.2094.0> started from #PID<0.97.0> terminating
        ** (Mix.Error) Could not start Hex. Try fetching a new version with "mix local.hex"
            (mix 1.18.3) lib/mix.ex:613: Mix.raise/2
        Function: #Function<4.86014083/0 in Hex.Registry.Server.prefetch_online/2>
            Args: []
        make: *** [Makefile:18: i] Error 1
        """,
        "make gave up after: (Mix.Error) Could not start Hex. Try fetching a new version with"
            + " \"mix local.hex\"");
  }

  @Test
  void aScriptThatMakesTheMakefileFailsByItsOwnName() {
    unclear(
        """
        ==> ./configure, with OTP 25.2.3
        checking for erl... no
        configure: error: in `/build/p':
        configure: error: no acceptable C compiler found in $PATH
        See `config.log' for more details
        """,
        "configure: error: no acceptable C compiler found in $PATH");
    unclear(
        "==> ./configure, with OTP 25.2.3\n", "./configure ended with status 2 and said nothing.");
  }

  @Test
  void elseTheLastWordsAreQuoted() {
    unclear(
        "make: *** No rule to make target 'foo.x', needed by 'e'.  Stop.\n",
        "make: *** No rule to make target 'foo.x', needed by 'e'.  Stop.");
    unclear(
        "echo hi; exit 3\nhi\nmake[1]: Leaving directory '/build/p'\nmake: *** [Makefile:18: i] Error 3\n",
        "make gave up after: hi");
    unclear("it is odd\n", "make ended with status 2; its last line: it is odd");
    unclear("", "make ended with status 2 and said nothing.");
  }

  /** Each is as long as what is read of a log. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        " ",
        "a",
        ".erl:",
        "a.erl:1",
        ".",
        "/",
        "deps/",
        "[a ",
        "ld",
        "ld:",
        "-l",
        "1:",
        "‘",
        "undef,",
        "error ",
        "ERROR ",
        "Cloning into '",
        "make: *** [",
        "\n",
        "a\n"
      })
  void hostileOutputIsReadInNoTime(String piece) {
    String output = piece.repeat(256 * 1024 / piece.length());

    assertThat(read(output)).isNotNull();
    assertThat(read("make: *** [" + output + "\n" + output)).isNotNull();
    assertThat(read("c_src/x.c:1: fatal error: " + output)).isNotNull();
    assertThat(read("/usr/bin/ld: cannot find " + output)).isNotNull();
    assertThat(read("Error: No Makefile to build dependency " + output)).isNotNull();
  }

  private static void compiler(String printed, String line) {
    assertThat(read(printed)).isEqualTo(new Finding.Compiler(line));
  }

  private static void dependency(String printed, String what) {
    assertThat(read(printed)).isEqualTo(new Finding.Dependency(what));
  }

  private static void toolchain(String printed, String sentence) {
    assertThat(read(printed)).isEqualTo(new Finding.Toolchain(sentence));
  }

  private static void unclear(String printed, String words) {
    assertThat(read(printed)).isEqualTo(new Finding.Unclear(words));
  }

  private static Finding read(String printed) {
    return new MakeDiagnosis().of("==> make, with OTP 25.2.3\n" + printed, 2);
  }
}
