package dev.raccoon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.raccoon.value.AddressRange;
import dev.raccoon.value.RequestRate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientsTest {
  @Test
  void whatNobodySetsHasItsDefault() {
    assertThat(of(Map.of()))
        .isEqualTo(
            new Clients(
                List.of(),
                Optional.of(new RequestRate(100, Duration.ofSeconds(1), 400)),
                Optional.of(new RequestRate(60, Duration.ofMinutes(1), 60)),
                8_000,
                1_000));
  }

  @Test
  void allIsReadFromItsSettings() {
    assertThat(
            of(
                Map.of(
                    "RACCOON_TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8,fd00::/8",
                    "RACCOON_RATE_READS", "off",
                    "RACCOON_RATE_BUILDS", "500/h:20",
                    "RACCOON_CONNECTIONS", "100",
                    "RACCOON_CONNECTIONS_EACH", "10")))
        .isEqualTo(
            new Clients(
                List.of(
                    AddressRange.parse("127.0.0.1/32"),
                    AddressRange.parse("10.0.0.0/8"),
                    AddressRange.parse("fd00::/8")),
                Optional.empty(),
                Optional.of(new RequestRate(500, Duration.ofHours(1), 20)),
                100,
                10));
  }

  @ParameterizedTest
  @CsvSource({
    "RACCOON_RATE_READS,100,a rate such as",
    "RACCOON_RATE_READS,0/s,a rate such as",
    "RACCOON_RATE_BUILDS,10/d,a rate such as",
    "RACCOON_RATE_BUILDS,10/s:0,a rate such as",
    "RACCOON_TRUSTED_PROXIES,proxy.example.org,an address or a network",
    "RACCOON_TRUSTED_PROXIES,10.0.0.0/33,0 to 32 bits",
    "RACCOON_TRUSTED_PROXIES,10.0/8,an address or a network",
    "RACCOON_TRUSTED_PROXIES,fe80::1%eth0,an address or a network",
    "RACCOON_CONNECTIONS,0,a number from 10",
    "RACCOON_CONNECTIONS_EACH,0,a number from 1",
  })
  void anythingElseIsRefusedByItsName(String name, String value, String sentence) {
    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> of(Map.of(name, value)))
        .withMessageStartingWith(name + ": ")
        .withMessageContaining(sentence);
  }

  private static Clients of(Map<String, String> values) {
    return Settings.of(values).http().clients();
  }
}
