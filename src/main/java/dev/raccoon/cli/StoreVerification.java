package dev.raccoon.cli;

import dev.raccoon.artifact.ArtifactStore;
import dev.raccoon.artifact.ArtifactStore.Condition;
import dev.raccoon.artifact.ArtifactStore.Kept;
import dev.raccoon.catalog.DigestStore;
import dev.raccoon.value.BuildId;
import dev.raccoon.value.Sha256;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads all that the catalogue names, and says what is missing or wrong as it is found; then what
 * is kept and named by nobody. Neither is in memory all at once.
 */
final class StoreVerification {
  private static final int MOST_BUILDS = 20;

  /** The table of builds is looked through once for each page of what is kept. */
  private static final int PAGE = 10_000;

  /** What was put since then may belong to a build that runs. */
  private static final Duration SETTLED = Duration.ofDays(1);

  private final Session session;
  private final DigestStore digests;
  private final ArtifactStore store;
  private final boolean json;
  private long checked;
  private long wrong;
  private long orphans;
  private long orphanBytes;
  private long removed;

  StoreVerification(Session session, DigestStore digests, ArtifactStore store, boolean json) {
    this.session = session;
    this.digests = digests;
    this.store = store;
    this.json = json;
  }

  /** Whether all that is named is there and right. */
  boolean run(boolean removeOrphans) throws IOException {
    new NamedBytes(digests)
        .visit(
            new NamedBytes.Visitor() {
              @Override
              public void packageFile(Sha256 digest) throws IOException {
                look("package", digest, () -> digests.buildsOf(digest, MOST_BUILDS));
              }

              @Override
              public void log(DigestStore.Log log) throws IOException {
                look("log", log.digest(), () -> List.of(log.build()));
              }
            });
    lookForOrphans(removeOrphans);
    summarize(removeOrphans);
    return wrong == 0;
  }

  private interface Builds {
    List<BuildId> ofIt();
  }

  private void look(String what, Sha256 digest, Builds builds) throws IOException {
    checked++;
    Condition condition = store.verify(digest);
    if (condition == Condition.WHOLE) {
      return;
    }
    wrong++;
    List<String> ids = builds.ofIt().stream().map(BuildId::toString).toList();
    String state = condition.name().toLowerCase(Locale.ROOT);
    if (json) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("what", what);
      row.put("state", state);
      row.put("digest", digest.hex());
      row.put("builds", ids);
      session.json(row);
    } else {
      session
          .out()
          .println(
              state
                  + ": "
                  + what
                  + " "
                  + digest
                  + (ids.size() == 1 ? " of build " : " of builds ")
                  + String.join(", ", ids));
    }
    session.out().flush();
  }

  private void lookForOrphans(boolean remove) throws IOException {
    Instant settled = Clock.systemUTC().instant().minus(SETTLED);
    List<Kept> page = store.list(Optional.empty(), PAGE);
    while (!page.isEmpty()) {
      List<Kept> all = page;
      if (!remove) {
        lookForOrphans(all, false, settled);
      } else if (!digests.remove(() -> lookForOrphans(all, true, settled))) {
        throw new IOException("A backup is being made: what it copies is not removed meanwhile.");
      }
      page = store.list(Optional.of(page.getLast().digest()), PAGE);
    }
  }

  private void lookForOrphans(List<Kept> page, boolean remove, Instant settled) throws IOException {
    Set<Sha256> named = digests.named(page.stream().map(Kept::digest).toList());
    for (Kept kept : page) {
      if (!named.contains(kept.digest()) && kept.put().isBefore(settled)) {
        orphan(kept, remove, settled);
      }
    }
  }

  private void orphan(Kept kept, boolean remove, Instant settled) throws IOException {
    orphans++;
    orphanBytes += kept.sizeBytes();
    boolean gone = remove && store.remove(kept.digest(), settled);
    removed += gone ? 1 : 0;
    if (json) {
      Map<String, @Nullable Object> row = new LinkedHashMap<>();
      row.put("what", "orphan");
      row.put("state", gone ? "removed" : "kept");
      row.put("digest", kept.digest().hex());
      row.put("size", kept.sizeBytes());
      session.json(row);
    }
  }

  private void summarize(boolean remove) {
    if (json) {
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("checked", checked);
      all.put("wrong", wrong);
      all.put("orphans", orphans);
      all.put("orphan_bytes", orphanBytes);
      all.put("removed", removed);
      session.json(all);
      return;
    }
    session
        .out()
        .println(
            checked
                + " packages and logs were read, "
                + wrong
                + " of them missing or damaged."
                + (wrong == 0 ? "" : " POST a build's id to /rebuild, and it is made again."));
    if (orphans > 0) {
      session
          .out()
          .println(
              orphans
                  + " that no build names, older than a day, take "
                  + orphanBytes
                  + " bytes"
                  + (remove
                      ? ": " + removed + " were removed."
                      : ": --remove-orphans removes them."));
    }
  }
}
