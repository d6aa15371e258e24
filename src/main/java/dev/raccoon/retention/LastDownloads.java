package dev.raccoon.retention;

import dev.raccoon.value.BuildId;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers which packages were fetched today, and writes each down once a day, a while later: a
 * download costs a look into a set. Who is killed loses what was not written yet. Thread-safe.
 */
public final class LastDownloads implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LastDownloads.class);

  /** Beyond so many at once, or in a day, a build is noted with a later one of its downloads. */
  private static final int MOST = 100_000;

  private static final int BATCH = 1_000;

  private final LastDownloadStore records;
  private final Clock clock;
  private final Set<BuildId> waiting = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService writer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("last-downloads").daemon().factory());
  private volatile Written written = new Written(LocalDate.MIN, Set.of());

  /** What has been written down on a day; only the writer adds to it. */
  private record Written(LocalDate day, Set<BuildId> builds) {}

  /** Writes to {@code records} every {@code pause}, if there is anything. */
  public LastDownloads(LastDownloadStore records, Duration pause, Clock clock) {
    this.records = records;
    this.clock = clock;
    var _ =
        writer.scheduleWithFixedDelay(
            this::tryToWrite, pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The package of {@code build} is being fetched. */
  public void note(BuildId build) {
    Written today = written;
    boolean known = today.builds().contains(build) && today.day().equals(LocalDate.now(clock));
    if (!known && waiting.size() < MOST) {
      waiting.add(build);
    }
  }

  private void tryToWrite() {
    try {
      write();
    } catch (RuntimeException e) {
      log.warn("When packages were fetched cannot be written down now: {}", e.getMessage());
    }
  }

  private synchronized void write() {
    LocalDate day = LocalDate.now(clock);
    if (!written.day().equals(day) || written.builds().size() >= MOST) {
      written = new Written(day, ConcurrentHashMap.newKeySet());
    }
    while (!waiting.isEmpty()) {
      List<BuildId> batch = waiting.stream().limit(BATCH).toList();
      records.write(batch, day);
      written.builds().addAll(batch);
      batch.forEach(waiting::remove);
    }
  }

  /** Writes down what is not yet. */
  @Override
  public void close() {
    writer.shutdown();
    tryToWrite();
  }
}
