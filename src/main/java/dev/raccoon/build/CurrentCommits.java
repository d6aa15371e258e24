package dev.raccoon.build;

import dev.raccoon.source.SourceFetcher;
import dev.raccoon.value.CloneUrl;
import dev.raccoon.value.Ref;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks which commits refs name now, for a moment at most: whoever asks has a request to record,
 * and can do without. Thread-safe.
 */
final class CurrentCommits {
  private static final Logger log = LoggerFactory.getLogger(CurrentCommits.class);

  private final SourceFetcher fetcher;
  private final Duration limit;

  /** Each look-up is a process; whoever finds no room does without. */
  private final Semaphore room;

  CurrentCommits(SourceFetcher fetcher, Duration limit, int atOnce) {
    this.fetcher = fetcher;
    this.limit = limit;
    this.room = new Semaphore(atOnce);
  }

  /** The commits that {@code refs} of {@code url} name; those that cannot be told are left out. */
  Map<Ref, String> of(CloneUrl url, Set<Ref> refs) throws InterruptedException {
    if (refs.isEmpty() || !room.tryAcquire()) {
      return Map.of();
    }
    FutureTask<Map<Ref, String>> look = new FutureTask<>(() -> look(url, refs));
    // A thread of its own, since the look-up of an address obeys no limit and no interrupt.
    Thread.ofVirtual().name("look").start(look);
    try {
      return look.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      log.warn("What {} names now is not told within {} ms", url, limit.toMillis());
      return Map.of();
    } catch (ExecutionException e) {
      log.warn("What {} names now cannot be told: {}", url, String.valueOf(e.getCause()));
      return Map.of();
    }
  }

  private Map<Ref, String> look(CloneUrl url, Set<Ref> refs)
      throws IOException, InterruptedException {
    try {
      return fetcher.currentCommits(url, refs, limit);
    } finally {
      room.release();
    }
  }
}
