package dev.raccoon.retention;

import dev.raccoon.artifact.ArtifactStore;
import dev.raccoon.catalog.DigestStore;
import dev.raccoon.config.RetentionRules;
import dev.raccoon.retention.RetentionStore.Removal;
import dev.raccoon.value.Sha256;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Removes packages and logs that no rule keeps. First the records let go of them, a package at a
 * time; then the bytes go that no record names any longer. Whoever is killed in between leaves
 * bytes that are known to be in the way, and never a record without its bytes: the next run removes
 * them.
 */
public final class Retention {
  private static final int PAGE = 500;

  /** Removed in one turn: a backup that is to be made waits for its end. */
  private static final int TURN = 50;

  /**
   * What was put since then may be of a build that has not recorded it yet. A store that is on
   * other machines has other clocks.
   */
  private static final Duration SETTLED = Duration.ofDays(1);

  private final RetentionStore records;
  private final DigestStore digests;
  private final RetentionRules rules;
  private final Clock clock;

  /** By {@code rules}, of what {@code records} and {@code digests} know. */
  public Retention(RetentionStore records, DigestStore digests, RetentionRules rules, Clock clock) {
    this.records = records;
    this.digests = digests;
    this.rules = rules;
    this.clock = clock;
  }

  /**
   * What became of bytes that records had let go of.
   *
   * @param removed how many packages and logs went from the store
   * @param shared those that another record names, which stay
   * @param waiting those that were put lately, or while a build runs, or are in the backup that is
   *     being made: a later run removes them
   */
  public record Swept(long removed, long shared, long waiting) {
    Swept and(Swept more) {
      return new Swept(removed + more.removed, shared + more.shared, waiting + more.waiting);
    }
  }

  /** Tells {@code visitor} what {@link #retire} would remove now, and changes nothing. */
  public void preview(Consumer<Expired> visitor) {
    forEachPackage(id -> records.expired(id, rules, Integer.MAX_VALUE).forEach(visitor));
  }

  /** Has the records let go of what no rule keeps, and tells {@code visitor} of each build. */
  public void retire(Consumer<Expired> visitor) {
    forEachPackage(id -> {
      List<Expired> retired;
      do {
        retired = records.retire(id, rules, PAGE);
        retired.forEach(visitor);
      } while (retired.size() == PAGE);
    });
  }

  private void forEachPackage(Consumer<Long> work) {
    if (!rules.any()) {
      return;
    }
    List<Long> page = records.packages(0, PAGE);
    while (!page.isEmpty()) {
      page.forEach(work);
      page = records.packages(page.getLast(), PAGE);
    }
  }

  /**
   * Removes the bytes from {@code artifacts} that records have let go of, in this run or in one
   * that was ended before it came to that.
   */
  public Swept sweep(ArtifactStore artifacts) throws IOException {
    AtomicReference<Swept> swept = new AtomicReference<>(new Swept(0, 0, 0));
    List<Removal> page = records.removals(Optional.empty(), TURN);
    while (!page.isEmpty()) {
      List<Removal> turn = page;
      boolean done = digests.remove(() -> swept.set(swept.get().and(sweep(turn, artifacts))));
      if (!done) {
        swept.set(swept.get().and(new Swept(0, 0, turn.size())));
      }
      page = records.removals(Optional.of(page.getLast().digest()), TURN);
    }
    return swept.get();
  }

  private Swept sweep(List<Removal> turn, ArtifactStore artifacts) throws IOException {
    // In this order: a build that ends after the first look had put its bytes since it began, one
    // that ended before is seen by the second.
    Instant settled = settled();
    Set<Sha256> named = digests.named(turn.stream().map(Removal::digest).toList());
    long removed = 0;
    long shared = 0;
    long waiting = 0;
    for (Removal removal : turn) {
      if (named.contains(removal.digest())) {
        shared++;
        records.forget(removal);
      } else if (artifacts.remove(removal.digest(), settled)) {
        removed++;
        records.forget(removal);
      } else if (artifacts.exists(removal.digest())) {
        waiting++;
      } else {
        records.forget(removal);
      }
    }
    return new Swept(removed, shared, waiting);
  }

  private Instant settled() {
    Instant dayAgo = clock.instant().minus(SETTLED);
    return records.oldestRunning().filter(dayAgo::isAfter).orElse(dayAgo);
  }
}
