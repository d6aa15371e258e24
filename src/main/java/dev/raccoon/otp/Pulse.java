package dev.raccoon.otp;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that is done again after every pause, or sooner when woken, on a thread of its own. What it
 * throws is logged, and it is done again.
 */
final class Pulse implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Pulse.class);
  private static final Duration TO_END = Duration.ofSeconds(20);

  private final Duration pause;
  private final Work work;
  private final Semaphore woken = new Semaphore(0);
  private final Thread thread;
  private volatile boolean closed;

  interface Work {
    void run() throws IOException, InterruptedException;
  }

  Pulse(String name, Duration pause, Work work) {
    this.pause = pause;
    this.work = work;
    // A platform thread: a sandbox or a program that it starts ends with its starting thread.
    this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this::live);
  }

  void start() {
    thread.start();
  }

  void wake() {
    woken.release();
  }

  private void live() {
    try {
      while (!closed) {
        woken.drainPermits();
        work();
        var _ = woken.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // It is closed.
    }
  }

  private void work() throws InterruptedException {
    try {
      work.run();
    } catch (IOException | RuntimeException e) {
      if (!closed) {
        log.warn("{} failed and tries again: {}", thread.getName(), e.getMessage());
        log.debug("It failed for this", e);
      }
    }
  }

  /** Interrupts the work and waits for its end. */
  @Override
  public void close() {
    closed = true;
    if (!thread.isAlive()) {
      return;
    }
    thread.interrupt();
    try {
      var _ = thread.join(TO_END);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
