package dev.raccoon.http;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** How much of requests' bodies may be in memory, in all and of each client. Thread-safe. */
final class BodyBudget {
  static final int BYTES = 32 << 20;
  static final int BYTES_EACH = 4 << 20;

  private final Shares bytes = new Shares(BYTES, BYTES_EACH);

  /** The place that one body of {@code client} takes: none yet. */
  Held of(ClientKey client) {
    return new Held(Optional.of(client));
  }

  /** What one body takes, until it is released. */
  final class Held {
    private final Optional<ClientKey> client;
    private final AtomicInteger count = new AtomicInteger();

    private Held(Optional<ClientKey> client) {
      this.client = client;
    }

    /** Takes place for {@code more} bytes; a refusal if there is none. */
    Optional<Answer> add(int more) {
      Optional<Answer> refusal =
          bytes
              .enter(client, more)
              .refusal(
                  "The server is busy: try again in a moment.",
                  "You have sent 4 MiB in requests that are not answered yet: wait for one of"
                      + " them.");
      if (refusal.isEmpty()) {
        count.addAndGet(more);
      }
      return refusal;
    }

    /** Gives all of it back; a second time changes nothing. */
    void release() {
      bytes.leave(client, count.getAndSet(0));
    }
  }
}
