package dev.raccoon.egress;

import java.io.IOException;

/**
 * Work of an exchange's own thread that ends when the exchange is cut: by an interrupt, which comes
 * while the work goes on and never later.
 */
final class Interruptible {
  private final Thread thread = Thread.currentThread();
  private boolean working = true;

  private Interruptible() {}

  /** Blocks, and gives up when it is interrupted. */
  @FunctionalInterface
  interface Work<T> {
    T run() throws IOException, InterruptedException;
  }

  /**
   * What {@code work} comes to.
   *
   * @throws IOException when {@code exchange} is over, too
   */
  static <T> T run(Exchange exchange, Work<T> work) throws IOException, InterruptedException {
    Interruptible here = new Interruptible();
    exchange.onCut(here::interrupt);
    try {
      return work.run();
    } catch (InterruptedException e) {
      if (exchange.isOver()) {
        throw new IOException("ended", e);
      }
      throw e;
    } finally {
      here.end(exchange.isOver());
    }
  }

  private synchronized void interrupt() {
    if (working) {
      thread.interrupt();
    }
  }

  private synchronized void end(boolean cut) {
    working = false;
    if (cut) {
      // It was for the work, not for what is still to be recorded.
      var _ = Thread.interrupted();
    }
  }
}
