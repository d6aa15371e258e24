package dev.raccoon.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LimitAmountTest {
  @ParameterizedTest
  @CsvSource({
    "MEMORY, 4GiB, 4294967296",
    "MEMORY, 67108864, 67108864",
    "TIME, 30m, 1800000",
    "TIME, 1500, 1500",
    "SILENCE, 90s, 90000",
    "PROCESSES, 1000, 1000",
    "LOG, 1KiB, 1024"
  })
  void peopleWriteItThus(Limit limit, String raw, long amount) {
    assertThat(LimitAmount.parse(limit, raw)).isEqualTo(amount);
  }

  @ParameterizedTest
  @CsvSource({
    "MEMORY, 1MiB",
    "MEMORY, 4G",
    "MEMORY, 30m",
    "MEMORY, -1",
    "MEMORY, ''",
    "MEMORY, 999999999999999999",
    "MEMORY, 9999999999999999999999",
    "TIME, 0",
    "TIME, 4GiB",
    "PROCESSES, 30s",
    "PROCESSES, 1",
    "LOG, 1GiB",
    "FILES, ١٢٣٤"
  })
  void otherwiseASentenceSaysHow(Limit limit, String raw) {
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(() -> LimitAmount.parse(limit, raw))
        .withMessageContaining(limit.key())
        .withMessageContaining("from");
  }

  @Test
  void aLimitIsCalledByItsKey() {
    assertThat(LimitAmount.limit("open_files")).isEqualTo(Limit.OPEN_FILES);
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(() -> LimitAmount.limit("speed"))
        .withMessageContaining("memory, processes");
  }
}
