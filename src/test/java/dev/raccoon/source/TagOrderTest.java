package dev.raccoon.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TagOrderTest {
  private static final List<String> PIECES =
      List.of("0", "1", "01", "10", "2", ".", "-", "_", "/", "v", "r", "rc", "beta", "b", "p", "x");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.2.3 1.2.4 1.2.10 1.10.0 2.0.0",
        "v1.2.3 v1.10 V2.0",
        "yaws-2.0.9 yaws-2.0.10",
        "rabbitmq_v3_6_2_milestone2 rabbitmq_v3_6_2_rc1 rabbitmq_v3_6_2 rabbitmq_v3_6_10",
        "17.06-beta 17.06 17.10 18.01",
        "v2.0.7 v2.0.7.1 v2.0.8",
        "2019-12-31 2020-01-31 2020-02-01",
        "20190101 20191231 20200101",
        "2019.12.31 2020.01.31 2020.02.01",
        "v1.2.3 1.2.4 v1.2.5 release-1.2.6",
        "18.01-beta 17.06",
        "rabbitmq_v3_6_10_milestone2 rabbitmq_v3_6_2",
        "release/1.9 release/1.10 release/2.0",
        "2.0.0-rc1 2.0.0-rc2 2.0.0-rc10 1.0.0",
        "2.0.0-alpha 2.0.0-beta.1 2.0.0-beta.2 2.0.0-rc.1 1.9",
        "2.0a 2.0b1 2.0rc1 1.0",
        "2.0-SNAPSHOT 1.0",
        "nightly master-3.0-dev 1.0",
        "rc1 rc2 1.0",
        "latest stable 0.1",
        "base64url-1.0.9 base64url-1.0.10",
        "p1_utils-1.0.5 p1_utils-1.0.11",
        "log4erl-9 log4erl-10",
        "oauth2-0.9.0 oauth2-0.10.0",
        "1.2.3 oauth2-1.2.4 1.2.5",
        "OTP-27.0-rc1 OTP-26.2.5 OTP-27.0",
        "1.0 1.0+build5 1.0.0.1",
        "1.0 1.0p1 1.1",
        "r9 r10",
        "01.02 1.3"
      })
  void tagsAreOrderedOldestFirstAndPreReleasesBeforeThem(String oldestFirst) {
    List<String> expected = List.of(oldestFirst.split(" "));
    List<String> sorted = new ArrayList<>(expected);
    Collections.shuffle(sorted, new Random(1));

    sorted.sort(TagOrder.NEWEST_LAST);

    assertThat(sorted).isEqualTo(expected);
  }

  @Test
  void numbersHaveNoLimit() {
    String huge = "9".repeat(199);

    String larger = "1" + "0".repeat(199);

    assertThat(Stream.of(larger, huge, "2.0", "2." + huge).sorted(TagOrder.NEWEST_LAST))
        .containsExactly("2.0", "2." + huge, huge, larger);
  }

  @Test
  void anyTagsHaveATotalOrder() {
    long seed = 20260101;
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      String a = tag(random);
      String b = tag(random);
      String c = tag(random);
      assertThat(sign(a, b)).as("seed %d: %s, %s", seed, a, b).isEqualTo(-sign(b, a));
      assertThat(sign(a, b) == 0).as("seed %d: %s, %s", seed, a, b).isEqualTo(a.equals(b));
      if (sign(a, b) <= 0 && sign(b, c) <= 0) {
        assertThat(sign(a, c)).as("seed %d: %s, %s, %s", seed, a, b, c).isNotPositive();
      }
    }
  }

  private static String tag(Random random) {
    StringBuilder tag = new StringBuilder();
    for (int i = 1 + random.nextInt(6); i > 0; i--) {
      tag.append(PIECES.get(random.nextInt(PIECES.size())));
    }
    return tag.toString();
  }

  private static int sign(String a, String b) {
    return Integer.signum(TagOrder.NEWEST_LAST.compare(a, b));
  }
}
