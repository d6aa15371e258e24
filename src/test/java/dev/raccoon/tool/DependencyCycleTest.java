package dev.raccoon.tool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DependencyCycleTest {
  @Test
  void aFolderThatIsLeftWithinItselfIsACircle() {
    assertThat(
            DependencyCycle.in(
                """
                ==> make deps, with OTP 25.2.3
                make[9]: *** [erlang.mk:141: deps] Error 2
                make[9]: Leaving directory '/build/a/deps/b'
                make[8]: *** [erlang.mk:141: deps] Error 2
                make[8]: Leaving directory '/build/a/deps/a'
                make[7]: *** [erlang.mk:141: deps] Error 2
                make[7]: Leaving directory '/build/a/deps/b'
                make[6]: *** [erlang.mk:141: deps] Error 2
                """))
        .contains("The dependencies go round in a circle: b needs itself.");
  }

  @Test
  void aFolderThatIsLeftTwiceIsNone() {
    assertThat(
            DependencyCycle.in(
                """
                make[2]: Leaving directory '/build/a/deps/c'
                make[1]: Leaving directory '/build/a/deps/b'
                make[1]: Entering directory '/build/a/deps/d'
                make[2]: Leaving directory '/build/a/deps/c'
                make[1]: Leaving directory '/build/a/deps/d'
                """))
        .isEmpty();
    assertThat(DependencyCycle.in("")).isEmpty();
  }
}
