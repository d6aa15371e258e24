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
    SHARE_TAKEN
  }

  Shares(int places, int placesEach) {
    this.places = places;
    this.placesEach = placesEach;
  }

  /** Takes a place for {@code client}; without one, it is nobody's share. */
  Entry enter(Optional<ClientKey> client) {
    if (taken.incrementAndGet() > places) {
      taken.decrementAndGet();
      return Entry.ALL_TAKEN;
    }
    int its = client.map(key -> each.merge(key, 1, Integer::sum)).orElse(1);
    if (its > placesEach) {
      leave(client);
      return Entry.SHARE_TAKEN;
    }
    return Entry.LET_IN;
  }

  void leave(Optional<ClientKey> client) {
    taken.decrementAndGet();
    client.ifPresent(
        key -> each.computeIfPresent(key, (same, count) -> count == 1 ? null : count - 1));
  }
}
