package dev.raccoon.build;

import dev.raccoon.catalog.BulkFeedStore;
import dev.raccoon.catalog.BulkFeedStore.Step;
import dev.raccoon.queue.Fleet;
import dev.raccoon.value.OtpSelector;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts what is wanted in bulk into the queue, a little at a time, for as long as a node that is up
 * can build it. Every server has one; they share the work.
 */
public final class BulkFeeder implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(BulkFeeder.class);
  private static final Duration LOOK = Duration.ofSeconds(2);

  private final BulkFeedStore bulks;
  private final Fleet fleet;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("bulk").daemon().factory());
  private volatile boolean closed;

  /** Feeds from {@code bulks} for {@code fleet} to build; nothing happens before {@link #start}. */
  public BulkFeeder(BulkFeedStore bulks, Fleet fleet) {
    this.bulks = bulks;
    this.fleet = fleet;
  }

  /** Begins to look. */
  public void start() {
    var _ =
        thread.scheduleWithFixedDelay(
            this::feed, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Tells that there may be something to do. */
  public void wake() {
    if (!closed) {
      thread.execute(this::feed);
    }
  }

  private void feed() {
    try {
      for (Map.Entry<Long, OtpSelector> bulk : bulks.open().entrySet()) {
        // What nobody could build would only stand in the queue.
        while (!closed
            && fleet.isBuiltSomewhere(Optional.of(bulk.getValue()))
            && bulks.feed(bulk.getKey()) == Step.MOVED) {}
      }
    } catch (RuntimeException e) {
      // Whatever is thrown from here would end all later looks without a word.
      log.warn("What is wanted in bulk waits: {}", e.toString());
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.close();
  }
}
