package dev.raccoon.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.http.ByteRange.Part;
import dev.raccoon.http.ByteRange.Unsatisfiable;
import dev.raccoon.http.ByteRange.Whole;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteRangeTest {
  private static final String ETAG = "\"abc\"";

  @ParameterizedTest
  @CsvSource({
    "bytes=0-0, 0, 1",
    "bytes=0-99, 0, 100",
    "bytes=0-1000, 0, 100",
    "bytes=10-19, 10, 10",
    "bytes=99-, 99, 1",
    "bytes=-1, 99, 1",
    "bytes=-100, 0, 100",
    "bytes=-5000, 0, 100",
    "Bytes=0-, 0, 100",
  })
  void aRangeIsAPartOfTheFile(String header, long first, long length) {
    assertThat(range(header, null, 100)).isEqualTo(new Part(first, length));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=100-", "bytes=100-200", "bytes=-0", "bytes=999999999999999999-"})
  void whatLiesBehindTheEndCannotBeHad(String header) {
    assertThat(range(header, null, 100)).isEqualTo(new Unsatisfiable());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=5-2",
        "bytes=0-1,5-6",
        "bytes=a-b",
        "lines=1-2",
        "bytes=\u0661-",
        "bytes=99999999999999999999999-",
        "bytes=--5",
        "bytes=-5-",
      })
  void anythingElseIsTheWholeFile(String header) {
    assertThat(range(header, null, 100)).isEqualTo(new Whole());
  }

  @Test
  void noRangeIsTheWholeFile() {
    assertThat(range(null, null, 100)).isEqualTo(new Whole());
  }

  @Test
  void aRangeOfOtherBytesIsTheWholeFile() {
    assertThat(range("bytes=0-1", ETAG, 100)).isEqualTo(new Part(0, 2));
    assertThat(range("bytes=0-1", "\"other\"", 100)).isEqualTo(new Whole());
    assertThat(range("bytes=0-1", "W/" + ETAG, 100)).isEqualTo(new Whole());
    assertThat(range("bytes=0-1", "Sun, 06 Nov 1994 08:49:37 GMT", 100)).isEqualTo(new Whole());
  }

  @Test
  void anEmptyFileHasNoPart() {
    assertThat(range("bytes=0-", null, 0)).isEqualTo(new Unsatisfiable());
    assertThat(range("bytes=-5", null, 0)).isEqualTo(new Unsatisfiable());
    assertThat(range(null, null, 0)).isEqualTo(new Whole());
  }

  @Test
  void noHeaderLeadsOutOfTheFile() {
    long seed = new Random().nextLong();
    System.out.println("ByteRangeTest seed " + seed);
    Random random = new Random(seed);
    String alphabet = "bytes=0123456789--,, x";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder header = new StringBuilder(random.nextBoolean() ? "bytes=" : "");
      for (int n = random.nextInt(24); n > 0; n--) {
        header.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      long size = random.nextInt(50);
      if (range(header.toString(), null, size) instanceof Part(long first, long length)) {
        assertThat(first).as("seed %d: %s", seed, header).isBetween(0L, size - 1);
        assertThat(length).as("seed %d: %s", seed, header).isBetween(1L, size - first);
      }
    }
  }

  private static ByteRange range(@Nullable String range, @Nullable String ifRange, long size) {
    return ByteRange.of(range, ifRange, ETAG, size);
  }
}
