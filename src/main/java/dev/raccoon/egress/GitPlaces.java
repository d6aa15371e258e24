package dev.raccoon.egress;

import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * One door's git processes that serve mirrors and copies: each holds memory and two threads of this
 * server, and lasts as long as the client likes and a request may. No door's are another's, and
 * there are no more doors than builds at once. Thread-safe.
 */
final class GitPlaces {
  static final int OF_A_DOOR = 4;

  private static final long LOOK_MILLIS = 100;

  private final Semaphore places = new Semaphore(OF_A_DOOR, true);

  /**
   * Waits for a place, in the order in which they came, until {@code exchange} is over.
   *
   * @throws IOException when it is over
   */
  void take(Exchange exchange) throws IOException, InterruptedException {
    while (!places.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
      if (exchange.isOver()) {
        throw new IOException("ended");
      }
    }
  }

  /** Gives back what was taken. */
  void leave() {
    places.release();
  }
}
