package dev.raccoon.backup;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.raccoon.artifact.ArtifactStore;
import dev.raccoon.artifact.Blob;
import dev.raccoon.artifact.DamagedArtifactException;
import dev.raccoon.backup.BackupFile.End;
import dev.raccoon.backup.BackupFile.Manifest;
import dev.raccoon.catalog.DigestStore;
import dev.raccoon.db.DatabaseAddress;
import dev.raccoon.db.Snapshot;
import dev.raccoon.db.Table;
import dev.raccoon.value.Sha256;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Writes all that a server keeps into one file, while it runs: the tables as of one moment, then
 * the packages and logs that they name, none of which is removed before all have been copied.
 */
public final class Backup {
  private final DatabaseAddress database;
  private final ArtifactStore artifacts;
  private final String program;
  private final Clock clock;
  private final Consumer<String> warnings;

  /**
   * Of {@code database}, of this program's version, and {@code artifacts}; {@code warnings} is told
   * a sentence of each package and log that cannot be copied.
   */
  public Backup(
      DatabaseAddress database,
      ArtifactStore artifacts,
      String program,
      Clock clock,
      Consumer<String> warnings) {
    this.database = database;
    this.artifacts = artifacts;
    this.program = program;
    this.clock = clock;
    this.warnings = warnings;
  }

  /**
   * What the file has.
   *
   * @param digests how many packages and logs its tables name
   * @param missing those that are missing or damaged, and not in the file
   */
  public record Written(long digests, long missing) {}

  /**
   * Writes {@code file}, where there is none yet.
   *
   * @param schema the version of the database's tables
   * @param bytes whether packages and logs themselves are written, or only their list
   */
  public Written write(Path file, String schema, boolean bytes) throws IOException {
    try (Snapshot snapshot = Snapshot.take(database, DigestStore.REMOVAL_KEY);
        BackupWriter writer = new BackupWriter(file)) {
      String date = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
      writer.json(
          BackupFile.MANIFEST,
          new Manifest(BackupFile.FORMAT, program, date, schema, snapshot.tables(), bytes));
      Map<String, String> tables = new LinkedHashMap<>();
      for (Table table : snapshot.tables()) {
        tables.put(table.name(), write(table, snapshot, writer).hex());
      }
      long digests = list(snapshot, writer);
      long missing = bytes ? copy(snapshot, writer) : 0;
      writer.json(BackupFile.END, new End(tables, digests, missing));
      writer.publish();
      return new Written(digests, missing);
    }
  }

  private static Sha256 write(Table table, Snapshot snapshot, BackupWriter writer)
      throws IOException {
    MessageDigest digest = Sha256.newDigest();
    try (BackupWriter.Pieces pieces = writer.pieces(BackupFile.TABLES + table.name() + "/")) {
      snapshot.copy(
          table,
          row -> {
            digest.update(row);
            pieces.add(row);
          });
    }
    return Sha256.of(digest);
  }

  private static long list(Snapshot snapshot, BackupWriter writer) throws IOException {
    long[] digests = {0};
    try (BackupWriter.Pieces pieces = writer.pieces(BackupFile.DIGESTS)) {
      snapshot.texts(
          DigestStore.ALL,
          digest -> {
            digests[0]++;
            pieces.add((digest + "\n").getBytes(UTF_8));
          });
    }
    return digests[0];
  }

  private long copy(Snapshot snapshot, BackupWriter writer) throws IOException {
    long[] missing = {0};
    snapshot.texts(
        DigestStore.ALL, digest -> missing[0] += copy(new Sha256(digest), writer) ? 0 : 1);
    return missing[0];
  }

  private boolean copy(Sha256 digest, BackupWriter writer) throws IOException {
    try (Blob blob = opened(digest).orElse(null)) {
      if (blob == null) {
        return false;
      }
      writer.member(BackupFile.BYTES + digest, blob.sizeBytes(), blob.bytes());
      return true;
    }
  }

  private Optional<Blob> opened(Sha256 digest) throws IOException {
    try {
      Optional<Blob> blob = artifacts.open(digest);
      if (blob.isEmpty()) {
        warnings.accept("There is no package or log " + digest + " to back up.");
      }
      return blob;
    } catch (DamagedArtifactException e) {
      warnings.accept(e.getMessage());
      return Optional.empty();
    }
  }
}
