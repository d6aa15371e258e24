package dev.raccoon.cli;

import dev.raccoon.artifact.ArtifactStore;
import dev.raccoon.backup.Restore;
import dev.raccoon.db.DatabaseAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code raccoon restore}. */
@Command(
    name = "restore",
    description = {
      "Fills an empty server, which does not run, from a backup; then reads all packages and logs.",
      "The exit status is 1 when any is missing or damaged."
    },
    mixinStandardHelpOptions = true)
final class RestoreCommand implements Callable<Integer> {
  private final Session session;

  @Parameters(paramLabel = "FILE", description = "The backup's absolute path.")
  private Path file = Path.of("");

  RestoreCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    Path backup = AbsolutePath.of(file);
    session.records().newDatabase(address -> load(address, backup));
    AtomicBoolean whole = new AtomicBoolean();
    session.with(records -> {
      records.audit().record(session.actor(), "restore", backup.toString(), "");
      try (ArtifactStore artifacts = session.records().artifacts()) {
        whole.set(new StoreVerification(session, records.digests(), artifacts, false).run(false));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
    return whole.get() ? 0 : 1;
  }

  private void load(DatabaseAddress address, Path backup) {
    try (ArtifactStore artifacts = session.records().artifacts()) {
      Restore restore =
          new Restore(
              address, artifacts, warning -> session.errors().println("raccoon: " + warning));
      Restore.Restored restored = restore.read(backup);
      session
          .out()
          .println(
              "The backup of %s by Raccoon %s is restored: all records, and %d of %d packages and logs."
                  .formatted(
                      restored.date(), restored.program(), restored.bytes(), restored.digests()));
      session.out().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
