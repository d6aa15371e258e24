package dev.raccoon.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a minute of {@code bench/fuzz} does thoroughly, in short. */
class FuzzTargetsTest {
  static List<Named<FuzzTarget>> targets() {
    return FuzzTargets.ALL.stream()
        .map(target -> Named.of(FuzzTargets.name(target), target))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("targets")
  void everySeedHoldsWhereverItIsCutOff(FuzzTarget target) throws Exception {
    assertThat(target.seeds()).isNotEmpty();
    for (byte[] seed : bytes(target).toList()) {
      for (int length = 0; length <= seed.length; length++) {
        target.check(Arrays.copyOf(seed, length));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("targets")
  void everySeedHoldsWithAPartOfItManyTimes(FuzzTarget target) throws Exception {
    for (byte[] seed : bytes(target).filter(seed -> seed.length > 0).toList()) {
      target.check(Pump.pumped(seed));
    }
  }

  private static Stream<byte[]> bytes(FuzzTarget target) {
    return target.seeds().stream().map(seed -> seed.getBytes(UTF_8));
  }
}
