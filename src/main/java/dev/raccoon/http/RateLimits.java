package dev.raccoon.http;

import dev.raccoon.config.Clients;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.Optional;

/** How often a client may ask: for anything, and for builds besides. */
final class RateLimits {
  private final Optional<RateLimit> reads;
  private final Optional<RateLimit> builds;

  RateLimits(Clients clients, TimeMeter time) {
    this.reads = clients.reads().map(rate -> new RateLimit(rate, time));
    this.builds = clients.builds().map(rate -> new RateLimit(rate, time));
  }

  /** Counts a request from {@code client}; answers a 429 if it is one too many. */
  Optional<Answer> refusal(ClientAddress client, Traffic traffic) {
    return refusal(ClientKey.of(client), client.toString(), traffic);
  }

  /** The same of a token that was found to be good, wherever its requests come from. */
  Optional<Answer> refusal(ClientKey.Token token, Traffic traffic) {
    return refusal(token, "the token " + token.id(), traffic);
  }

  /**
   * The same of a client that is not counted otherwise: a program of the machine whose own server
   * this is.
   */
  Optional<Answer> buildsRefusal(ClientAddress client, Traffic traffic) {
    return builds(ClientKey.of(client), client.toString(), traffic);
  }

  private Optional<Answer> refusal(ClientKey key, String who, Traffic traffic) {
    return reads
        .flatMap(limit -> limit.take(key))
        .map(wait -> tooMany("requests", who, wait))
        .or(() -> builds(key, who, traffic));
  }

  private Optional<Answer> builds(ClientKey key, String who, Traffic traffic) {
    return builds
        .filter(limit -> traffic == Traffic.BUILD)
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
