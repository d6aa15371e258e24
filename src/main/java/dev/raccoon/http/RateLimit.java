package dev.raccoon.http;

import dev.raccoon.value.RequestRate;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * One rate, for each client by itself. Thread-safe, and never waits.
 *
 * <p>At most {@link #MAX_CLIENTS} are known by their own account. Whoever has rested long enough is
 * forgotten when a place is needed, which changes nothing for them; nobody who owes anything is. A
 * client that comes when all places are taken by such shares an account with the clients near it
 * until there is one: a flood of addresses slows newcomers of its own networks, not those who are
 * here.
 */
final class RateLimit {
  static final int MAX_CLIENTS = 20_000;

  private static final int SHARED_BITS = 10;
  private static final long SWEEP_NANOS = Duration.ofSeconds(1).toNanos();

  private final RequestRate rate;
  private final TimeMeter time;
  private final Map<ClientKey, Bucket> own = new ConcurrentHashMap<>();
  private final Bucket[] shared;
  private final AtomicLong nextSweep;

  /** So that nobody can choose whom to share with. */
  private final int seed = ThreadLocalRandom.current().nextInt();

  RateLimit(RequestRate rate, TimeMeter time) {
    this.rate = rate;
    this.time = time;
    this.shared = Stream.generate(this::newBucket).limit(1 << SHARED_BITS).toArray(Bucket[]::new);
    this.nextSweep = new AtomicLong(time.currentTimeNanos());
  }

  /**
   * Counts a request of {@code client}; if it is one too many, how long until the next may come.
   */
  Optional<Duration> take(ClientKey client) {
    ConsumptionProbe probe = bucket(client).tryConsumeAndReturnRemaining(1);
    return probe.isConsumed()
        ? Optional.empty()
        : Optional.of(Duration.ofNanos(probe.getNanosToWaitForRefill()));
  }

  /** How many have an account of their own. */
  int clients() {
    return own.size();
  }

  private Bucket bucket(ClientKey client) {
    Bucket known = own.get(client);
    if (known != null) {
      return known;
    }
    if (own.size() >= MAX_CLIENTS) {
      sweep();
    }
    return own.size() < MAX_CLIENTS
        ? own.computeIfAbsent(client, key -> newBucket())
        : shared[((client.neighbourhood() ^ seed) * 0x9e3779b1) >>> (Integer.SIZE - SHARED_BITS)];
  }

  /** Not more often than once a second: it looks at all of them. */
  private void sweep() {
    long now = time.currentTimeNanos();
    long due = nextSweep.get();
    if (now - due >= 0 && nextSweep.compareAndSet(due, now + SWEEP_NANOS)) {
      own.values().removeIf(bucket -> bucket.getAvailableTokens() >= rate.burst());
    }
  }

  private Bucket newBucket() {
    return Bucket.builder()
        .addLimit(limit -> limit.capacity(rate.burst()).refillGreedy(rate.requests(), rate.per()))
        .withCustomTimePrecision(time)
        .build();
  }
}
