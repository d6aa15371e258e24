package dev.raccoon.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.egress.EgressLog;
import dev.raccoon.egress.EgressRequest;
import dev.raccoon.egress.EgressRequest.Outcome;
import dev.raccoon.value.BuildId;
import dev.raccoon.value.Sha256;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EgressStoreTest {
  @Test
  void whatABuildDidOnTheNetworkIsKeptWithIt() {
    try (Scenario scenario = new Scenario()) {
      EgressStore store = new EgressStore(scenario.jdbi);
      BuildId build = scenario.queued("1.0.0");
      BuildId other = scenario.queued("1.0.1");
      EgressLog log = store.logOf(build);
      EgressRequest answered =
          request(new Outcome.Answered(200), Optional.of(new Sha256("ab".repeat(32))));
      EgressRequest refused = request(new Outcome.Refused("Not there."), Optional.empty());
      EgressRequest failed = request(new Outcome.Failed("It was late."), Optional.empty());

      log.record(answered);
      log.record(refused);
      log.record(failed);
      log.more(3);
      log.more(4);

      assertThat(store.of(build)).containsExactly(answered, refused, failed);
      assertThat(store.more(build)).isEqualTo(7);
      assertThat(store.of(other)).isEmpty();
      assertThat(store.more(other)).isZero();
    }
  }

  private static EgressRequest request(Outcome outcome, Optional<Sha256> digest) {
    return new EgressRequest(
        Instant.parse("2026-01-02T03:04:05.678901Z"),
        "GET",
        "github.com",
        "/acme/demo?x",
        outcome,
        12,
        1L << 40,
        Duration.ofMillis(345),
        digest);
  }
}
