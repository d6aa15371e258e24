package dev.raccoon.http;

import java.util.Optional;

/**
 * Places for requests that wait long for their answers, fewer than requests have in all: whoever
 * waits can never keep out those who only ask. A token's holder has a share by the token.
 */
public final class WaitingRoom {
  private static final int PLACES = 200;
  private static final int PLACES_EACH = 50;

  private final int placesEach;
  private final Shares places;

  /** The usual number of places. */
  public WaitingRoom() {
    this(PLACES, PLACES_EACH);
  }

  WaitingRoom(int places, int placesEach) {
    this.placesEach = placesEach;
    this.places = new Shares(places, placesEach);
  }

  /** {@code endpoint}, for which each request takes a place, or is refused at once. */
  public Endpoint around(Endpoint endpoint) {
    return exchange -> answer(endpoint, exchange);
  }

  private Answer answer(Endpoint endpoint, Exchange exchange) throws Exception {
    Optional<ClientKey> client = Optional.of(ClientKey.of(exchange));
    Optional<Answer> refusal =
        places
            .enter(client)
            .refusal(
                "Too many wait for builds here: ask with /buildAsync, or again in a moment.",
                "You wait in "
                    + placesEach
                    + " requests for builds already: ask with /buildAsync, or wait for one of"
                    + " them.");
    if (refusal.isPresent()) {
      return refusal.get();
    }
    try {
      return endpoint.answer(exchange);
    } finally {
      places.leave(client);
    }
  }
}
