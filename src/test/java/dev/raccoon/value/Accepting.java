package dev.raccoon.value;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.function.Function;

/** What every record's parser promises. */
final class Accepting {
  private Accepting() {}

  /** What {@code parse} makes of {@code raw}; empty when it is refused as it should be. */
  static <T> Optional<T> parsed(Function<String, T> parse, String raw) {
    try {
      return Optional.of(parse.apply(raw));
    } catch (InvalidValueException e) {
      assertThat(e.getMessage())
          .matches("\\p{Graph}[\\p{Graph} ]{10,400}\\.")
          .doesNotContainPattern("(?i:exception)|java\\.|dev\\.raccoon|[A-Z][a-z]+[A-Z][a-z]");
      assertThat(e.getCause()).isNull();
      return Optional.empty();
    }
  }

  /** Whatever is made of it, a person, a terminal and a header can be shown {@code text}. */
  static void isPlain(String text, int maxLength) {
    assertThat(text).matches("\\p{Graph}+").hasSizeLessThanOrEqualTo(maxLength);
  }

  /** As a part of a path below a folder, {@code text} does not lead out of it. */
  static void staysBelow(String text) {
    assertThat(text).doesNotStartWith("/").doesNotContain("\0", "\\");
    assertThat(text.split("/", -1)).doesNotContain("", ".", "..");
  }
}
