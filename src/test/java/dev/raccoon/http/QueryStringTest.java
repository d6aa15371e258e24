package dev.raccoon.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raccoon.http.QueryString.Pair;
import dev.raccoon.value.InvalidValueException;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueryStringTest {
  @Test
  void readsPairsInTheirOrder() {
    assertThat(QueryString.pairs("a=1&b=x+y%21&&c&=v&a=2"))
        .containsExactly(
            new Pair("a", "1"),
            new Pair("b", "x y!"),
            new Pair("c", ""),
            new Pair("", "v"),
            new Pair("a", "2"));
  }

  @Test
  void theFirstOfANameCounts() {
    assertThat(QueryString.first("a=1&a=2")).containsEntry("a", "1").hasSize(1);
    assertThat(QueryString.first(null)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a=%",
        "a=%2",
        "a=%zz",
        "a=%-1",
        "a=%FF",
        "%C3=1",
        "a=%ED%A0%80",
        "a=%C0%AF",
        "a=\u00e9",
        "a=%00",
        "a=%1b",
        "a=%7F",
        "a=%\uff11\uff11",
        "a=\ud800"
      })
  void whatIsNoPercentEncodedUtf8IsRefused(String raw) {
    assertThatThrownBy(() -> QueryString.pairs(raw)).isInstanceOf(InvalidValueException.class);
  }

  @Test
  void aHundredPairsAreTheMost() {
    assertThat(QueryString.pairs("a=1&".repeat(100))).hasSize(100);
    assertThatThrownBy(() -> QueryString.pairs("a=1&".repeat(101)))
        .isInstanceOf(InvalidValueException.class);
    assertThat(QueryString.pairs("&".repeat(5_000) + "a=1")).containsExactly(new Pair("a", "1"));
  }

  @Test
  void readsBackWhatAnEncoderWrites() {
    Random random = seeded("round trip");
    for (int i = 0; i < 5_000; i++) {
      List<Pair> pairs = new ArrayList<>();
      for (int n = random.nextInt(5); n > 0; n--) {
        pairs.add(new Pair("n" + text(random), text(random)));
      }
      String raw =
          pairs.stream()
              .map(p ->
                  URLEncoder.encode(p.name(), UTF_8) + "=" + URLEncoder.encode(p.value(), UTF_8))
              .collect(Collectors.joining("&"));
      assertThat(QueryString.pairs(raw)).isEqualTo(pairs);
    }
  }

  @Test
  void garbageIsReadOrRefusedAndNothingElse() {
    Random random = seeded("garbage");
    String alphabet = "%%%&=+ab09fFzZ\u0000\n\u00e9\u20ac\ud83d;#?/";
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      StringBuilder raw = new StringBuilder();
      for (int n = random.nextInt(30); n > 0; n--) {
        raw.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      try {
        QueryString.pairs(raw.toString());
      } catch (InvalidValueException e) {
        refused++;
      }
    }
    assertThat(refused).isBetween(1, 19_999);
  }

  private static Random seeded(String what) {
    long seed = new Random().nextLong();
    System.out.println("QueryStringTest " + what + " seed " + seed);
    return new Random(seed);
  }

  /** Any code points but controls and halves of surrogate pairs. */
  private static String text(Random random) {
    return random
        .ints(random.nextInt(8), 0x20, 0x11_0000)
        .filter(c -> !Character.isISOControl(c) && (c < 0xd800 || c > 0xdfff))
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
