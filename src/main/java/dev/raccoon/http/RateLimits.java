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

  /** Counts a request from {@code client}; answers a 429 if it is one too many. */
  Optional<Answer> refusal(ClientAddress client, Traffic traffic) {
    boolean counted = !(loopbackOnly && client.isLoopback());
    return refusal(ClientKey.of(client), client.toString(), counted, traffic);
  }

  /** The same of a token that was found to be good, wherever its requests come from. */
  Optional<Answer> refusal(ClientKey.Token token, Traffic traffic) {
    return refusal(token, "the token " + token.id(), true, traffic);
  }

  private Optional<Answer> refusal(ClientKey key, String who, boolean counted, Traffic traffic) {
    Optional<Answer> refused =
        reads
            .filter(limit -> counted)
            .flatMap(limit -> limit.take(key))
            .map(wait -> tooMany("requests", who, wait));
    return refused.isPresent() || traffic != Traffic.BUILD
        ? refused
        : builds
            .flatMap(limit -> limit.take(key))
            .map(wait -> tooMany("requests for builds", who, wait));
  }

  private static Answer tooMany(String what, String who, Duration wait) {
    long seconds = wait.plusNanos(999_999_999).toSeconds();
    return Envelope.bad(
            429, "Too many " + what + " from " + who + ": ask again in " + seconds + " s.")
        .with("Retry-After", Long.toString(seconds));
  }
}
