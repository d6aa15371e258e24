package dev.raccoon.backup;

import dev.raccoon.artifact.ArtifactStore;
import dev.raccoon.backup.BackupFile.End;
import dev.raccoon.backup.BackupFile.Manifest;
import dev.raccoon.db.DatabaseAddress;
import dev.raccoon.db.Loading;
import dev.raccoon.db.Schema;
import dev.raccoon.db.Table;
import dev.raccoon.value.InvalidValueException;
import dev.raccoon.value.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Fills a database that is empty, and an artifact store, from a backup: the database with all of it
 * or, where the file turns out to be damaged, with nothing.
 */
public final class Restore {
  /** What a server writes that has only been started. */
  private static final Set<String> OF_A_START =
      Set.of("node", "node_otp", "queue_pause", "retention_turn");

  private static final String A_NODE_IS_UP =
      "select 1 from node where stopped_at is null and seen_at > now() - interval '1 minute'";

  private static final int BUFFER_BYTES = 128 * 1024;

  private final DatabaseAddress database;
  private final ArtifactStore artifacts;
  private final Consumer<String> warnings;

  /**
   * Into {@code database} and {@code artifacts}; {@code warnings} is told a sentence of each
   * package and log that is wrong.
   */
  public Restore(DatabaseAddress database, ArtifactStore artifacts, Consumer<String> warnings) {
    this.database = database;
    this.artifacts = artifacts;
    this.warnings = warnings;
  }

  /**
   * What was in the file.
   *
   * @param program the version of the program that wrote it
   * @param date when
   * @param digests how many packages and logs its tables name
   * @param bytes how many of them were inside, and are in the store now
   */
  public record Restored(String program, String date, long digests, long bytes) {}

  /** Restores {@code file}; the database is of this program's version then. */
  public Restored read(Path file) throws IOException {
    try (BackupReader reader = new BackupReader(file)) {
      Manifest manifest = manifest(reader, file);
      bringToVersion(manifest);
      Restored restored;
      try (Loading loading = Loading.begin(database)) {
        requireEmpty(loading);
        loading.clear(OF_A_START);
        restored = new Load(reader, manifest, loading, file).run();
        loading.commit();
      }
      Schema.bringUpToDate(database);
      return restored;
    }
  }

  private static Manifest manifest(BackupReader reader, Path file) throws IOException {
    Optional<String> first = reader.next();
    if (!first.equals(Optional.of(BackupFile.MANIFEST))) {
      throw new DamagedBackupException(file + " is no backup of Raccoon.");
    }
    Manifest manifest = reader.json(Manifest.class);
    if (manifest.format() != BackupFile.FORMAT) {
      throw new IOException(
          file
              + " was written by Raccoon "
              + manifest.program()
              + " in a form that this program does not know: use that one, or a newer one.");
    }
    return manifest;
  }

  private void bringToVersion(Manifest manifest) throws IOException {
    if (!Schema.isKnown(database, manifest.schema())) {
      throw new IOException(
          "The backup is of version "
              + manifest.schema()
              + " of the tables, by Raccoon "
              + manifest.program()
              + ", which this program does not know: restore it with that one, or a newer one.");
    }
    Schema.bringTo(database, manifest.schema());
    String there = Schema.version(database).orElse("none");
    if (!there.equals(manifest.schema())) {
      throw new IOException(
          "The backup is of version "
              + manifest.schema()
              + " of the tables, and the database of version "
              + there
              + " already: restore into one that no server has used.");
    }
  }

  private static void requireEmpty(Loading loading) throws IOException {
    Optional<String> filled = loading.filled(OF_A_START);
    if (filled.isPresent()) {
      throw new IOException(
          "The database is not empty: its table "
              + filled.get()
              + " has rows. A backup is restored into an empty one only.");
    }
    if (loading.isSo(A_NODE_IS_UP)) {
      throw new IOException("A server uses the database: stop it, and try again in a minute.");
    }
  }

  /** One way through the file. */
  private final class Load {
    private final BackupReader reader;
    private final Manifest manifest;
    private final Loading loading;
    private final Path file;
    private final Map<String, Table> tables = new HashMap<>();
    private final Map<String, String> loaded = new HashMap<>();
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private final MessageDigest digest = Sha256.newDigest();
    private @Nullable Table open;
    private long bytes;

    Load(BackupReader reader, Manifest manifest, Loading loading, Path file) throws IOException {
      this.reader = reader;
      this.manifest = manifest;
      this.loading = loading;
      this.file = file;
      manifest.tables().forEach(table -> tables.put(table.name(), table));
      if (!Set.copyOf(manifest.tables()).equals(Set.copyOf(loading.tables()))) {
        throw new DamagedBackupException(
            file + " has other tables than version " + manifest.schema() + " has.");
      }
      for (String name : tables.keySet()) {
        loaded.put(name, Sha256.of(digest).hex());
      }
    }

    Restored run() throws IOException {
      Optional<End> end = Optional.empty();
      for (Optional<String> name = reader.next(); name.isPresent(); name = reader.next()) {
        if (end.isPresent()) {
          throw new DamagedBackupException(file + " goes on behind its end.");
        }
        end = member(name.get());
      }
      reader.end();
      End whole =
          end.orElseThrow(() -> new DamagedBackupException(file + " is cut off before its end."));
      if (!whole.tables().equals(loaded)) {
        throw new DamagedBackupException(file + " has other rows than were written.");
      }
      return new Restored(manifest.program(), manifest.date(), whole.digests(), bytes);
    }

    private Optional<End> member(String name) throws IOException {
      if (name.startsWith(BackupFile.TABLES)) {
        rows(name.substring(BackupFile.TABLES.length()).replaceFirst("/[0-9]+$", ""));
        return Optional.empty();
      }
      endTable();
      if (name.equals(BackupFile.END)) {
        return Optional.of(reader.json(End.class));
      }
      if (name.startsWith(BackupFile.BYTES)) {
        bytes(digestOf(name.substring(BackupFile.BYTES.length())));
      } else if (!name.startsWith(BackupFile.DIGESTS)) {
        throw new DamagedBackupException(file + " has something that no backup has: " + name);
      }
      return Optional.empty();
    }

    private void rows(String name) throws IOException {
      Table table = tables.get(name);
      if (table == null) {
        throw new DamagedBackupException(file + " has rows of a table that it does not name.");
      }
      if (!table.equals(open)) {
        endTable();
        loading.open(table);
        open = table;
      }
      InputStream rows = reader.bytes();
      for (int n = rows.read(buffer); n >= 0; n = rows.read(buffer)) {
        digest.update(buffer, 0, n);
        loading.write(buffer, n);
      }
    }

    private void endTable() {
      if (open != null) {
        loading.end();
        loaded.put(open.name(), Sha256.of(digest).hex());
        open = null;
      }
    }

    private Sha256 digestOf(String hex) throws IOException {
      try {
        return new Sha256(hex);
      } catch (InvalidValueException e) {
        throw new DamagedBackupException(file + " has bytes whose name is no digest.");
      }
    }

    private void bytes(Sha256 expected) throws IOException {
      try {
        var _ = artifacts.put(new CheckedBytes(reader.bytes(), expected));
        bytes++;
      } catch (CheckedBytes.WrongException e) {
        warnings.accept(
            "The package or log " + expected + " is damaged in the backup, and is not restored.");
      }
    }
  }
}
