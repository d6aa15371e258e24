package dev.raccoon.egress;

import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * One door's share of the git processes that serve mirrors: each holds memory and two threads of
 * this server, and lasts as long as the client likes. Thread-safe.
 */
final class GitPlaces {
  static final int OF_A_DOOR = 4;
  static final int OF_ALL = 16;

  private static final long LOOK_MILLIS = 100;

  private final Semaphore own = new Semaphore(OF_A_DOOR, true);
  private final Semaphore all;

  /** Of {@code all}, which every door shares. */
  GitPlaces(Semaphore all) {
    this.all = all;
  }

  /**
   * Waits for a place, in the order in which they came, until {@code exchange} is over.
   *
   * @throws IOException when it is over
   */
  void take(Exchange exchange) throws IOException, InterruptedException {
    await(own, exchange);
    try {
      await(all, exchange);
    } catch (IOException | InterruptedException e) {
      own.release();
      throw e;
    }
  }

  /** Gives back what was taken. */
  void leave() {
    all.release();
    own.release();
  }

  private static void await(Semaphore places, Exchange exchange)
      throws IOException, InterruptedException {
    while (!places.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
      if (exchange.isOver()) {
        throw new IOException("ended");
      }
    }
  }
}
