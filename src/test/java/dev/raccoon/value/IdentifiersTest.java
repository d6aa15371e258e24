package dev.raccoon.value;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.raccoon.testing.HostileText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentifiersTest {
  private static final String ID = "0198c0de-7e57-7000-8000-00000000000a";

  @Test
  void aBuildsIdIsAUuidInEitherCase() {
    assertThat(BuildId.parse(ID)).hasToString(ID);
    assertThat(BuildId.parse("0198C0DE-7E57-7000-8000-00000000000A")).hasToString(ID);
  }

  // Each but the first two is one that Java's own parser takes for a UUID.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0198c0de7e5770008000000000000001",
        "+198c0de-7e57-7000-8000-00000000000a",
        "0198c0de-7e57-7000-8000-+0000000000a",
        "00198c0de-7e57-7000-800-00000000000a",
        "0-0-0-0-0000000000000000000000000001"
      })
  void whatIsNoBuildsIdIsRefused(String raw) {
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(() -> BuildId.parse(raw))
        .withMessage(
            "build_id must be a build's id, such as 0198c0de-7e57-7000-8000-000000000001.");
  }

  @Test
  void spoiltIdsAndDigestsAreRefused() {
    String digest = Sha256.of(new byte[0]).hex();
    HostileText.eachSpoilt(
        10,
        5_000,
        List.of(ID, digest),
        raw -> {
          Accepting.parsed(BuildId::parse, raw)
              .ifPresent(id -> assertThat(id.toString()).isEqualToIgnoringCase(raw));
          Accepting.parsed(Sha256::new, raw).ifPresent(sha -> assertThat(sha).hasToString(raw));
        });
    HostileText.each(
        11,
        5_000,
        raw -> {
          assertThat(Accepting.parsed(BuildId::parse, raw)).isEmpty();
          assertThat(Accepting.parsed(Sha256::new, raw)).isEmpty();
        });
  }

  // The vector of FIPS 180-2, appendix B.1.
  @Test
  void aDigestIsThatOfTheBytesWhereverTheyAre(@TempDir Path folder) throws Exception {
    String abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    Path file = Files.writeString(folder.resolve("abc"), "abc");
    Path large = Files.write(folder.resolve("large"), new byte[200_000]);

    assertThat(Sha256.of("abc".getBytes(UTF_8))).hasToString(abc);
    assertThat(Sha256.of(file)).isEqualTo(new Sha256(abc));
    assertThat(Sha256.of(large)).isEqualTo(Sha256.of(new byte[200_000]));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "ab", "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"})
  void aDigestHasOneFormOnly(String raw) {
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(() -> new Sha256(raw))
        .withMessage("A SHA-256 digest is 64 lower-case hexadecimal digits.");
  }

  @Test
  void newIdsSortByTheirTimeAndAreOfVersionSeven() {
    Instant time = Instant.parse("2026-01-01T00:00:00Z");
    UUID before = next(time);
    UUID after = next(time.plusMillis(1));

    assertThat(before.toString()).isLessThan(after.toString());
    assertThat(before.version()).isEqualTo(7);
    assertThat(before.variant()).isEqualTo(2);
    assertThat(before.getMostSignificantBits() >>> 16).isEqualTo(time.toEpochMilli());
  }

  @Test
  void idsOfOneMomentSortInTheOrderInWhichTheyWereMade() {
    Instant time = Instant.parse("2026-03-01T00:00:00Z");
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      ids.add(next(time).toString());
    }
    // A clock that is set back a little changes nothing.
    ids.add(next(time.minusMillis(5)).toString());
    ids.add(next(time.plusMillis(5)).toString());
    assertThat(ids).isSorted();
  }

  @Test
  void idsOfOneMomentDiffer() {
    Set<UUID> ids = new HashSet<>();
    for (int i = 0; i < 10_000; i++) {
      ids.add(next(Instant.EPOCH));
    }
    assertThat(ids).hasSize(10_000);
  }

  private static UUID next(Instant time) {
    return TimeOrderedId.next(Clock.fixed(time, ZoneOffset.UTC));
  }
}
