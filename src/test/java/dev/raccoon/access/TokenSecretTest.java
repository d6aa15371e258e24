package dev.raccoon.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenSecretTest {
  private final String secret = TokenSecret.random().reveal();

  @Test
  void itIsTextThatAProgramCanFind() {
    assertThat(secret).matches("rcn_[0-9A-Za-z]{49}");
    assertThat(TokenSecret.parse(secret)).map(TokenSecret::reveal).hasValue(secret);
  }

  @Test
  void noTwoAreTheSame() {
    Set<String> many = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      assertThat(many.add(TokenSecret.random().reveal())).isTrue();
    }
  }

  @Test
  void anyOtherCharacterSpoilsTheChecksum() {
    for (int i = "rcn_".length(); i < secret.length(); i++) {
      char other = secret.charAt(i) == 'x' ? 'y' : 'x';
      String wrong = secret.substring(0, i) + other + secret.substring(i + 1);
      assertThat(TokenSecret.parse(wrong)).as(wrong).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "rcn_", "x", "rcn_ü", "rcn_0000000000000000000000000000000000000000000000000"})
  void otherTextIsNone(String text) {
    assertThat(TokenSecret.parse(text)).isEmpty();
  }

  @Test
  void moreOrLessOfItIsNone() {
    assertThat(TokenSecret.parse(secret + "0")).isEmpty();
    assertThat(TokenSecret.parse(" " + secret)).isEmpty();
    assertThat(TokenSecret.parse(secret + "\n")).isEmpty();
    assertThat(TokenSecret.parse(secret.substring(1))).isEmpty();
  }

  @Test
  void itsTextDoesNotShowIt() {
    TokenSecret token = TokenSecret.random();
    assertThat(token.toString()).doesNotContain(token.reveal().substring(4));
  }
}
