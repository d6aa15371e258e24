package dev.raccoon.cli;

import dev.raccoon.artifact.ArtifactStore;
import dev.raccoon.backup.Backup;
import dev.raccoon.db.DatabaseAddress;
import dev.raccoon.db.Schema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code raccoon backup}. */
@Command(
    name = "backup",
    description = {
      "Writes all that the server keeps into one file, while it runs or not.",
      "The exit status is 1 when a package or log is missing or damaged."
    },
    mixinStandardHelpOptions = true)
final class BackupCommand implements Callable<Integer> {
  private final Session session;

  @Parameters(
      paramLabel = "FILE",
      description = "An absolute path where there is nothing yet, such as /backups/raccoon.tar.gz.")
  private Path file = Path.of("");

  @Option(
      names = "--without-artifacts",
      description = "Leave packages and logs out; only their list is written.")
  private boolean withoutArtifacts;

  BackupCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    Path target = AbsolutePath.of(file);
    AtomicLong missing = new AtomicLong();
    session.with(
        records -> records.audit().record(session.actor(), "backup", target.toString(), ""));
    session.records().database(address -> missing.set(write(address, target)));
    return missing.get() == 0 ? 0 : 1;
  }

  private long write(DatabaseAddress address, Path target) {
    try (ArtifactStore artifacts = session.records().artifacts()) {
      Backup backup =
          new Backup(
              address,
              artifacts,
              version(),
              Clock.systemUTC(),
              warning -> session.errors().println("raccoon: " + warning));
      Backup.Written written =
          backup.write(target, Schema.version(address).orElseThrow(), !withoutArtifacts);
      session
          .out()
          .println(
              "%s has the records%s of %d packages and logs, %d of them missing or damaged."
                  .formatted(
                      target,
                      withoutArtifacts ? ", without the bytes," : " and the bytes",
                      written.digests(),
                      written.missing()));
      return written.missing();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String version() {
    return Optional.ofNullable(BackupCommand.class.getPackage().getImplementationVersion())
        .orElse("(built from source)");
  }
}
