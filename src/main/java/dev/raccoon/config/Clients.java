package dev.raccoon.config;

import dev.raccoon.value.AddressRange;
import dev.raccoon.value.RequestRate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What one client may do to the server, and who speaks for others.
 *
 * @param trustedProxies whose word on their clients' addresses counts
 * @param reads how often a client may ask for anything; empty: as often as it likes
 * @param builds how often a client may ask for builds, besides; empty: as often as it likes
 * @param connections at once, of all clients together
 * @param connectionsEach at once, of one client's address; a trusted proxy may have all
 */
public record Clients(
    List<AddressRange> trustedProxies,
    Optional<RequestRate> reads,
    Optional<RequestRate> builds,
    int connections,
    int connectionsEach) {
  /** Many machines of a company may have one address together. */
  public static final Clients USUAL =
      new Clients(
          List.of(),
          Optional.of(new RequestRate(100, Duration.ofSeconds(1), 400)),
          Optional.of(new RequestRate(60, Duration.ofMinutes(1), 60)),
          8_000,
          1_000);

  static Clients read(SettingsReader reader) {
    return new Clients(
        reader.list("RACCOON_TRUSTED_PROXIES", ",", AddressRange::parse),
        reader.parsed("RACCOON_RATE_READS", USUAL.reads(), Clients::rate),
        reader.parsed("RACCOON_RATE_BUILDS", USUAL.builds(), Clients::rate),
        reader.number("RACCOON_CONNECTIONS", USUAL.connections(), 10, 1_000_000),
        reader.number("RACCOON_CONNECTIONS_EACH", USUAL.connectionsEach(), 1, 1_000_000));
  }

  private static Optional<RequestRate> rate(String raw) {
    return raw.equals("off") ? Optional.empty() : Optional.of(RequestRate.parse(raw));
  }
}
