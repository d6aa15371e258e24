package dev.raccoon.tool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What rebar 2.6.4 printed on OTP 25. */
class Rebar2DiagnosisTest {
  private static Finding of(String printed) {
    return new Rebar2Diagnosis().of(printed, 1);
  }

  @Test
  void theCompilersFirstErrorIsQuoted() {
    assertThat(
            of(
                """
                ==> rt (compile)
                src/rt.erl:3:8: function b/0 undefined
                Compiling src/rt.erl failed:
                ERROR: compile failed while processing /build/rt: rebar_abort
                """))
        .isEqualTo(new Finding.Compiler("src/rt.erl:3:8: function b/0 undefined"));
  }

  @Test
  void aDependencyThatCouldNotBeHadIsNamed() {
    assertThat(
            of(
                """
                Pulling nobody from {git,"https://git.example.org/nobody.git",{tag,"1.0"}}
                Cloning into 'nobody'...
                fatal: unable to access 'https://git.example.org/nobody.git/': no
                ERROR: sh(git clone -n https://git.example.org/nobody.git nobody)
                failed with return code 128 and the following output:
                ERROR: 'get-deps' failed while processing /build/rt: rebar_abort
                """))
        .isEqualTo(new Finding.Dependency("The dependency nobody"));
    assertThat(
            of(
                """
                Dependency not available: nobody-.* ({git,"https://git.example.org/nobody.git",
                                                      {tag,"1.0"}})
                ERROR: compile failed while processing /build/rt: rebar_abort
                """))
        .isEqualTo(new Finding.Dependency("The dependency nobody"));
  }

  @Test
  void whatTheServerLacksIsNamed() {
    assertThat(of("ERROR: OTP release 25 does not match required regex R16\n"))
        .isEqualTo(new Finding.Toolchain("OTP release 25 does not match required regex R16."));
    assertThat(of("sh: 1: exec: nosuchprog: not found\nERROR: Command [compile] failed!\n"))
        .isInstanceOfSatisfying(
            Finding.Toolchain.class, told -> assertThat(told.sentence()).contains("nosuchprog"));
  }

  @Test
  void aFileThatItCannotReadIsNamed() {
    assertThat(of("ERROR: Failed to load /build/rt/rebar.config: {error,\n  {1,erl_parse,[]}}\n"))
        .isEqualTo(new Finding.Source("rebar.config does not hold Erlang terms."));
    assertThat(of("ERROR: Failed to extract name from /build/rt/src/rt.app.src: {error,\n"))
        .isEqualTo(new Finding.Source("src/rt.app.src does not hold Erlang terms."));
  }

  @Test
  void anythingElseIsInItsOwnWords() {
    assertThat(
            of(
                """
                ERROR: Dependency dir /build/rt/deps/x failed application validation
                ERROR: compile failed while processing /build/rt: rebar_abort
                """))
        .isEqualTo(
            new Finding.Unclear("Dependency dir /build/rt/deps/x failed application validation"));
    assertThat(of(""))
        .isEqualTo(new Finding.Unclear("rebar ended with status 1 and said nothing."));
  }
}
