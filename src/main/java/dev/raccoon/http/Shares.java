package dev.raccoon.http;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A number of places, of which each client gets a share at most, so that none can take the others'.
 * Thread-safe, and never waits.
 */
final class Shares {
  private final int places;
  private final int placesEach;
  private final AtomicInteger taken = new AtomicInteger();
  private final Map<ClientKey, Integer> each = new ConcurrentHashMap<>();

  /** What came of asking for a place. */
  enum Entry {
    /** It has one, and must leave it in the end. */
    LET_IN,
    /** All are taken. */
    ALL_TAKEN,
    /** The client has its share. */
    SHARE_TAKEN;

    /** The answer where there is no place, in the sentence that fits. */
    Optional<Answer> refusal(String allTaken, String shareTaken) {
      return switch (this) {
        case LET_IN -> Optional.empty();
        case ALL_TAKEN -> later(503, allTaken);
        case SHARE_TAKEN -> later(429, shareTaken);
      };
    }

    private static Optional<Answer> later(int status, String sentence) {
      return Optional.of(Envelope.bad(status, sentence).with("Retry-After", "1"));
    }
  }

  Shares(int places, int placesEach) {
    this.places = places;
    this.placesEach = placesEach;
  }

  /** Takes a place for {@code client}; without one, it is nobody's share. */
  Entry enter(Optional<ClientKey> client) {
    return enter(client, 1);
  }

  /** Takes {@code count} places, or none. */
  Entry enter(Optional<ClientKey> client, int count) {
    if (taken.addAndGet(count) > places) {
      taken.addAndGet(-count);
      return Entry.ALL_TAKEN;
    }
    int its = client.map(key -> each.merge(key, count, Integer::sum)).orElse(count);
    if (its > placesEach && client.isPresent()) {
      leave(client, count);
      return Entry.SHARE_TAKEN;
    }
    return Entry.LET_IN;
  }

  void leave(Optional<ClientKey> client) {
    leave(client, 1);
  }

  void leave(Optional<ClientKey> client, int count) {
    taken.addAndGet(-count);
    client.ifPresent(
        key -> each.computeIfPresent(key, (same, its) -> its == count ? null : its - count));
  }
}
