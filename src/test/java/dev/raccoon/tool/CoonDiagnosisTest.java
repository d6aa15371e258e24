package dev.raccoon.tool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CoonDiagnosisTest {
  private static final Finding OTHER = new Finding.Unclear("rebar3's");

  private final Diagnosis diagnosis = new CoonDiagnosis((printed, status) -> OTHER);

  @Test
  void theScriptsLastWordIsTheReason() {
    assertThat(diagnosis.of("x\ncoon: cannot convert: coonfig.json holds no JSON object.\n", 1))
        .isEqualTo(new Finding.Source("coonfig.json holds no JSON object."));
    assertThat(diagnosis.of("fatal: x\ncoon: cannot fetch jsone\n", 1))
        .isEqualTo(new Finding.Dependency("The dependency jsone"));
    assertThat(diagnosis.of("coon: cannot build: make -C c_src ended with status 2.\n", 1))
        .isEqualTo(new Finding.Unclear("make -C c_src ended with status 2."));
  }

  @Test
  void whatAnEarlierTaskHasPrintedIsNone() {
    assertThat(diagnosis.of("coon: cannot fetch x\n==> rebar3 compile, with OTP 27.1\ny\n", 1))
        .isEqualTo(OTHER);
    assertThat(diagnosis.of("", 1)).isEqualTo(OTHER);
  }
}
