package dev.raccoon.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamespacesTest {
  @Test
  void namesThatDifferInCaseAreOne() {
    Namespaces some = Namespaces.of(List.of("Acme", "ACME", "other"));
    assertThat(some).isEqualTo(Namespaces.of(List.of("other", "acme")));
    assertThat(some.contains("aCmE")).isTrue();
    assertThat(some.contains("acme2")).isFalse();
    assertThat(some).hasToString("acme, other");
  }

  @Test
  void allAndNoneAreWhatTheySay() {
    assertThat(Namespaces.ALL.contains("any")).isTrue();
    assertThat(Namespaces.NONE.contains("any")).isFalse();
    assertThat(Namespaces.ALL).hasToString("all");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a/b", "a b", "..", "api", "hexpm", "x-otp25", "{a,b}", "a\"b"})
  void whatNoPackageCanHaveIsRefused(String name) {
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(() -> Namespaces.of(List.of(name)));
  }
}
