package dev.raccoon.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntityTagsTest {
  private static final String ETAG = "\"abc\"";

  @ParameterizedTest
  @ValueSource(
      strings = {"\"abc\"", "W/\"abc\"", "*", "\"x\", \"abc\"", " \"abc\" ,\"y\"", "\"x\",*"})
  void aListThatNamesTheTagMatches(String list) {
    assertThat(EntityTags.match(list, ETAG)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",", "abc", "\"ab\"", "\"abcd\"", "w/\"abc\"", "\"ABC\"", "**"})
  void aListWithoutItDoesNot(String list) {
    assertThat(EntityTags.match(list, ETAG)).isFalse();
  }

  @Test
  void noListMatchesNothing() {
    assertThat(EntityTags.match(null, ETAG)).isFalse();
  }

  @Test
  void aListOfThousandsIsNotReadToItsEnd() {
    assertThat(EntityTags.match("\"x\",".repeat(10_000) + ETAG, ETAG)).isFalse();
  }
}
