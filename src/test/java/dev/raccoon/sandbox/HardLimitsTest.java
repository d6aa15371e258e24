package dev.raccoon.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class HardLimitsTest {
  @Test
  void theHardOnesAreRead() {
    List<String> lines =
        List.of(
            "Limit                     Soft Limit           Hard Limit           Units     ",
            "Max processes             unlimited            31337                processes ",
            "Max open files            1024                 4096                 files     ");
    assertThat(HardLimits.read(lines)).isEqualTo(new HardLimits(4096, 31337));
  }

  @Test
  void noLimitIsTheMost() {
    List<String> lines =
        List.of("Max processes             unlimited            unlimited            processes ");
    assertThat(HardLimits.read(lines)).isEqualTo(new HardLimits(Long.MAX_VALUE, Long.MAX_VALUE));
  }
}
