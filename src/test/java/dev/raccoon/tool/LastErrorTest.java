package dev.raccoon.tool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LastErrorTest {
  @Test
  void theLastLineThatSpeaksOfAnErrorIsTheReason() {
    assertThat(
            LastError.in(
                """
                ==> make fetch-deps
                error: of an earlier task
                ==> Checking the dependencies
                 DEP    demo
                fatal: no such thing
                Please make sure that it is there.
                Error: the dependency demo was not made ready.
                make: *** [<builtin>: raccoon-dependencies] Error 1
                """))
        .contains("fatal: no such thing");
  }

  @Test
  void elseTheLastLineIs() {
    assertThat(LastError.in("==> x\nit is odd\nmake: *** [x] Error 1\n")).contains("it is odd");
    assertThat(LastError.in("==> x\n")).isEmpty();
  }
}
