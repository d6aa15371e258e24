package dev.raccoon.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.raccoon.testing.HostileText;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OtpVersionTest {
  private static final List<String> OLDEST_FIRST =
      List.of(
          "17.0-rc1",
          "17.0-rc2",
          "17.0-rc10",
          "17.0",
          "17.0.1",
          "17.1",
          "25",
          "25.0",
          "25.3.2.8",
          "25.3.2.10",
          "25.10",
          "26.0");

  @Test
  void versionsAreOrderedByTheirNumbersAndACandidateComesBeforeItsRelease() {
    assertThat(OLDEST_FIRST.reversed().stream().map(OtpVersion::new).sorted())
        .extracting(OtpVersion::text)
        .isEqualTo(OLDEST_FIRST);
  }

  @Test
  void theMajorReleaseIsTheFirstNumber() {
    assertThat(new OtpVersion("25.3.2.8").major()).isEqualTo(25);
    assertThat(new OtpVersion("28.0-rc1").major()).isEqualTo(28);
    assertThat(new OtpVersion("26").major()).isEqualTo(26);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "R16B03",
        "0",
        "025",
        "25.",
        ".25",
        "25..3",
        "25.03",
        "25.3-rc",
        "25.3-rc01",
        "25.3-RC1",
        "25.3 ",
        " 25",
        "25\n",
        "25.3.2.8**",
        "-25",
        "25,3",
        "٢٥",
        "25.123456",
        "99999",
        "1.2.3.4.5.6.7"
      })
  void whatIsNoVersionIsRefused(String raw) {
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(() -> new OtpVersion(raw))
        .withMessage("An Erlang/OTP version looks like 25 or 25.3.2.8.");
  }

  @Test
  void whateverIsAcceptedIsHarmlessAndOrderedAsItIsEqual() {
    List<OtpVersion> accepted =
        new ArrayList<>(OLDEST_FIRST.stream().map(OtpVersion::new).toList());
    HostileText.each(7, 10_000, raw -> collect(raw, accepted));
    HostileText.eachSpoilt(8, 10_000, OLDEST_FIRST, raw -> collect(raw, accepted));

    List<OtpVersion> some = accepted.stream().distinct().limit(200).toList();
    assertThat(some).hasSizeGreaterThan(50);
    assertThat(some)
        .allSatisfy(one ->
            assertThat(some)
                .allSatisfy(other -> {
                  assertThat(one.compareTo(other) == 0).isEqualTo(one.equals(other));
                  assertThat(Integer.signum(one.compareTo(other)))
                      .isEqualTo(-Integer.signum(other.compareTo(one)));
                }));
  }

  private static void collect(String raw, List<OtpVersion> accepted) {
    Accepting.parsed(OtpVersion::new, raw)
        .ifPresent(version -> {
          assertThat(version).hasToString(raw);
          assertThat(version.major()).isBetween(1, 9999);
          Accepting.isPlain(version.text(), 48);
          Accepting.staysBelow(version.text());
          accepted.add(version);
        });
  }

  @Test
  void aSelectorIsAMajorReleaseOrAnExactVersion() {
    assertThat(Stream.of("25.3.2.8", "25", "25.0-rc1").map(OtpVersion::new))
        .allMatch(OtpSelector.parse(" 25 ")::matches);
    assertThat(OtpSelector.parse("25").isMajor()).isTrue();
    assertThat(OtpSelector.parse("25").matches(new OtpVersion("26.0"))).isFalse();
    assertThat(OtpSelector.parse("25.3").isMajor()).isFalse();
    assertThat(OtpSelector.parse("25.3").matches(new OtpVersion("25.3.2.8"))).isFalse();
    assertThat(OtpSelector.parse("25.3").matches(new OtpVersion("25.3"))).isTrue();
    assertThat(OtpSelector.parse("28-rc1").isMajor()).isFalse();
    assertThat(OtpSelector.parse("25.3.2.8")).hasToString("25.3.2.8");
  }

  @Test
  void whateverASelectorAcceptsReadsTheSameAgain() {
    List<OtpSelector> accepted = new ArrayList<>();
    HostileText.eachSpoilt(
        9,
        10_000,
        OLDEST_FIRST,
        raw ->
            Accepting.parsed(OtpSelector::parse, raw)
                .ifPresent(selector -> {
                  assertThat(OtpSelector.parse(selector.toString())).isEqualTo(selector);
                  accepted.add(selector);
                }));

    assertThat(accepted).hasSizeGreaterThan(100);
  }
}
