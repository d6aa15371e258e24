package dev.raccoon.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.value.IpAddress;
import dev.raccoon.value.RequestRate;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** By a clock that the test sets. */
class RateLimitTest {
  private final AtomicLong nanos = new AtomicLong();
  private final TimeMeter time =
      new TimeMeter() {
        @Override
        public long currentTimeNanos() {
          return nanos.get();
        }

        @Override
        public boolean isWallClockBased() {
          return false;
        }
      };
  private final RateLimit limit = new RateLimit(RequestRate.parse("2/s:4"), time);

  @Test
  void aBurstIsLetThroughAndThenTheRate() {
    for (int i = 0; i < 4; i++) {
      assertThat(take("192.0.2.1")).isEmpty();
    }
    assertThat(take("192.0.2.1")).contains(Duration.ofMillis(500));
    pass(Duration.ofMillis(500));
    assertThat(take("192.0.2.1")).isEmpty();
    assertThat(take("192.0.2.1")).isPresent();
    pass(Duration.ofHours(1));
    for (int i = 0; i < 4; i++) {
      assertThat(take("192.0.2.1")).isEmpty();
    }
    assertThat(take("192.0.2.1")).isPresent();
  }

  @Test
  void oneClientDoesNotPayForAnother() {
    exhaust("192.0.2.1");
    assertThat(take("192.0.2.2")).isEmpty();
    assertThat(limit.take(new ClientKey.Token("a"))).isEmpty();
  }

  @Test
  void aNetworkOf64BitsIsOneClientInIpv6() {
    exhaust("2001:db8:0:1::1");
    assertThat(take("2001:db8:0:1:ffff::9")).isPresent();
    assertThat(take("2001:db8:0:2::1")).isEmpty();
  }

  @Test
  void aFloodOfAddressesNeitherTakesMemoryNorForgivesDebts() {
    exhaust("192.0.2.1");
    for (int i = 0; i < 10 * RateLimit.MAX_CLIENTS; i++) {
      take("2001:" + Integer.toHexString(i >> 16) + ":" + Integer.toHexString(i & 0xffff) + "::1");
    }
    assertThat(limit.clients()).isEqualTo(RateLimit.MAX_CLIENTS);
    assertThat(take("192.0.2.1")).isPresent();
  }

  @Test
  void newcomersInAFloodShareWithTheirNeighboursOnly() {
    flood();
    exhaust("198.51.100.1");
    assertThat(take("198.51.100.2")).isPresent();
    long served =
        java.util.stream.IntStream.range(1, 100).filter(i -> take(i + ".0.0.1").isEmpty()).count();
    assertThat(served).isGreaterThan(80);
  }

  @Test
  void whoeverHasRestedMakesPlace() {
    flood();
    pass(Duration.ofSeconds(2));
    assertThat(take("198.51.100.1")).isEmpty();
    assertThat(limit.clients()).isEqualTo(1);
  }

  private void flood() {
    for (int i = 0; i < RateLimit.MAX_CLIENTS; i++) {
      take("10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255));
    }
    assertThat(limit.clients()).isEqualTo(RateLimit.MAX_CLIENTS);
  }

  private void exhaust(String address) {
    while (take(address).isEmpty()) {
      assertThat(limit.clients()).isPositive();
    }
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private Optional<Duration> take(String address) {
    return limit.take(ClientKey.of(IpAddress.parse(address).orElseThrow()));
  }
}
