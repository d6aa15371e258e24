package dev.raccoon.http;

import dev.raccoon.config.Clients;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.Optional;

/** How often a client may ask: for anything, and for builds besides. */
final class RateLimits {
  private final Optional<RateLimit> reads;
  private final Optional<RateLimit> builds;
  private final boolean loopbackOnly;

  /** A server that listens on loopback alone does not count what its own machine reads. */
  RateLimits(Clients clients, boolean loopbackOnly, TimeMeter time) {
    this.reads = clients.reads().map(rate -> new RateLimit(rate, time));
    this.builds = clients.builds().map(rate -> new RateLimit(rate, time));
    this.loopbackOnly = loopbackOnly;
  }

  /**
   * Counts a request; answers a 429 if it is one too many.
   *
   * @param key what it is counted by: the client's address, or its token once that is known
   */
  Optional<Answer> refusal(ClientAddress client, ClientKey key, Traffic traffic) {
    boolean counted = !(loopbackOnly && client.isLoopback());
    Optional<Answer> refused =
        reads
            .filter(limit -> counted)
            .flatMap(limit -> limit.take(key))
            .map(wait -> tooMany("requests", client, wait));
    return refused.isPresent() || traffic != Traffic.BUILD
        ? refused
        : builds
            .flatMap(limit -> limit.take(key))
            .map(wait -> tooMany("requests for builds", client, wait));
  }

  private static Answer tooMany(String what, ClientAddress client, Duration wait) {
    long seconds = wait.plusNanos(999_999_999).toSeconds();
    return Envelope.bad(
            429, "Too many " + what + " from " + client + ": ask again in " + seconds + " s.")
        .with("Retry-After", Long.toString(seconds));
  }
}
