package dev.raccoon.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.raccoon.testing.HostileText;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RefTest {
  private static final List<String> REAL =
      List.of(
          "1.2.3",
          "v1.2.3",
          "yaws-2.0.9",
          "rabbitmq_v3_6_2_milestone2",
          "17.06-beta",
          "v2.0.7.1",
          "2020-01-31",
          "release/2.0");

  @Test
  void theFieldsOwnTagsAreAccepted() {
    for (String tag : REAL) {
      assertThat(new Ref(tag).name()).isEqualTo(tag).isEqualTo(new Ref(tag).toString());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../../x",
        "--upload-pack=x",
        "-x",
        "a b",
        "1.0\n",
        "1.0\0",
        "a..b",
        "/1.0",
        "1.0/",
        "a//b",
        "a/.b",
        "1.0.",
        "1.0.lock",
        "a.lock/b",
        "a@{0}",
        "@",
        "a^b",
        "a~1",
        "a:b",
        "a?",
        "a*",
        "a[b",
        "a\\b",
        "$(id)",
        "a;b",
        "1.0\u202e",
        "v1.\u0430"
      })
  void whatGitOrAPathOrACommandWouldTakeOtherwiseIsRefused(String raw) {
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(() -> new Ref(raw))
        .withMessageStartingWith("The ref must be a tag, a branch or a commit, such as 1.0.0:");
  }

  @Test
  void anEmptyOneAndATooLongOneAreToldSo() {
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(() -> new Ref(""))
        .withMessage(
            "The ref is empty: name a tag, such as 1.0.0, or leave ref out for the newest.");
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(() -> new Ref("a".repeat(Ref.MAX_LENGTH + 1)))
        .withMessage("The ref is longer than 200 characters.");
    assertThat(new Ref("a".repeat(Ref.MAX_LENGTH)).name()).hasSize(200);
  }

  @Test
  void aCommitIsFortyOrSixtyFourLowerCaseDigits() {
    assertThat(new Ref("0123456789abcdef0123456789abcdef01234567").isCommit()).isTrue();
    assertThat(new Ref("a".repeat(64)).isCommit()).isTrue();
    assertThat(new Ref("a".repeat(39)).isCommit()).isFalse();
    assertThat(new Ref("a".repeat(41)).isCommit()).isFalse();
    assertThat(new Ref("A".repeat(40)).isCommit()).isFalse();
    assertThat(new Ref("g".repeat(40)).isCommit()).isFalse();
  }

  @Test
  void whateverIsAcceptedIsATagByGitsOwnJudgementAndHarmless() throws Exception {
    Set<String> accepted = new TreeSet<>(REAL);
    HostileText.each(1, 3_000, raw -> collect(raw, accepted));
    HostileText.eachSpoilt(2, 3_000, REAL, raw -> collect(raw, accepted));

    assertThat(accepted).hasSizeGreaterThan(200);
    assertThat(accepted)
        .allSatisfy(name -> {
          assertThat(name).doesNotStartWith("-");
          Accepting.isPlain(name, Ref.MAX_LENGTH);
          Accepting.staysBelow(name);
        });
    assertThat(GitsJudgement.refusedOf(accepted)).isEmpty();
  }

  @Test
  void gitsJudgementRefusesWhatItShould() throws Exception {
    assertThat(GitsJudgement.refusedOf(List.of("1.0", "a..b", "a.lock", "b")))
        .containsExactly("a..b", "a.lock");
  }

  private static void collect(String raw, Set<String> accepted) {
    Accepting.parsed(Ref::new, raw)
        .ifPresent(ref -> {
          assertThat(ref.name()).isEqualTo(raw);
          accepted.add(raw);
        });
  }
}
