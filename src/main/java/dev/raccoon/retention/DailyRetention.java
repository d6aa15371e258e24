package dev.raccoon.retention;

import dev.raccoon.artifact.ArtifactStore;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs retention once a day on one node of all: whichever finds first that it is due. A run that
 * could not be done is due again in an hour.
 */
public final class DailyRetention implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DailyRetention.class);

  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

  private final RetentionStore records;
  private final Retention retention;
  private final ArtifactStore artifacts;
  private final ScheduledExecutorService looks =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("retention").daemon().factory());

  /** Looks every {@code pause} whether a run is due, from now on. */
  public DailyRetention(
      RetentionStore records, Retention retention, ArtifactStore artifacts, Duration pause) {
    this.records = records;
    this.retention = retention;
    this.artifacts = artifacts;
    var _ =
        looks.scheduleWithFixedDelay(
            this::look, pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void look() {
    try {
      if (records.takeTurn()) {
        run();
      }
    } catch (RuntimeException e) {
      log.warn("Whether old builds are to be removed cannot be told now: {}", e.getMessage());
    }
  }

  private void run() {
    AtomicLong builds = new AtomicLong();
    try {
      retention.retire(expired -> {
        builds.incrementAndGet();
        log.info("What build {} of {} kept is removed", expired.build(), expired.fullName());
      });
      Retention.Swept swept = retention.sweep(artifacts);
      log.info(
          "Retention: {} builds let go of what they kept, {} packages and logs were removed, {} later",
          builds,
          swept.removed(),
          swept.waiting());
    } catch (IOException | RuntimeException e) {
      log.warn("Retention goes on in an hour: {}", e.getMessage());
      records.giveTurnBack();
    }
  }

  /** Ends after the statement or the removal that is being done. */
  @Override
  public void close() {
    looks.shutdownNow();
    try {
      var _ = looks.awaitTermination(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
