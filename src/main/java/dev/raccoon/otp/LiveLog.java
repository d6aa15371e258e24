package dev.raccoon.otp;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries what a program writes to a file into a log, and the log to the database, several times a
 * second until it is closed, and then the rest.
 */
final class LiveLog implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(LiveLog.class);
  private static final long PAUSE_MILLIS = 300;

  private final FollowedFile file;
  private final InstallLog log;
  private final LastWords lastWords = new LastWords();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;

  private LiveLog(Path file, InstallLog log) {
    this.file = new FollowedFile(file);
    this.log = log;
    this.thread = Thread.ofVirtual().name("otp-install-log").unstarted(this::live);
  }

  static LiveLog of(Path file, InstallLog log) {
    LiveLog live = new LiveLog(file, log);
    live.thread.start();
    return live;
  }

  /** The end of what stood in the file. */
  LastWords lastWords() {
    return lastWords;
  }

  private void live() {
    try {
      while (!closing.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
        carry();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    carry();
  }

  private void carry() {
    try {
      for (byte[] more = file.more(); more.length > 0; more = file.more()) {
        lastWords.add(more, 0, more.length);
        log.write(more);
      }
      log.flush();
    } catch (IOException | RuntimeException e) {
      // The database is away, perhaps; the next time tries again.
      logger.debug("The log of an installation stands still", e);
    }
  }

  /** Carries the rest, and ends; again, it does nothing. */
  @Override
  public void close() {
    closing.countDown();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
