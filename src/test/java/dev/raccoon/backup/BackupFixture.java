package dev.raccoon.backup;

import static java.util.stream.Collectors.joining;

import dev.raccoon.artifact.ArtifactStore;
import dev.raccoon.artifact.FileArtifactStore;
import dev.raccoon.catalog.DigestStore;
import dev.raccoon.db.Database;
import dev.raccoon.db.DatabaseAddress;
import dev.raccoon.db.Schema;
import dev.raccoon.retention.OldBuilds;
import dev.raccoon.value.Sha256;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.jdbi.v3.core.Jdbi;

/** Backups of a catalogue of builds, and what they are restored to. */
final class BackupFixture implements AutoCloseable {
  final Path folder;
  final OldBuilds source;
  final List<String> warnings = new ArrayList<>();

  BackupFixture(Path folder) throws IOException {
    this.folder = folder;
    this.source = new OldBuilds(folder.resolve("source"));
  }

  Backup.Written backUp(Path file, ArtifactStore store, boolean bytes) throws IOException {
    DatabaseAddress address = source.scenario.address();
    return new Backup(address, store, "1.2.3", Clock.systemUTC(), warnings::add)
        .write(file, Schema.version(address).orElseThrow(), bytes);
  }

  /** A backup with all bytes. */
  Path backUp() throws IOException {
    Path file = folder.resolve("backup.tar.gz");
    var _ = backUp(file, source.store, true);
    return file;
  }

  /** An empty database and an empty store. */
  record Target(DatabaseAddress address, ArtifactStore store) {
    static Target in(DatabaseAddress address, Path folder) throws IOException {
      return new Target(address, new FileArtifactStore(folder));
    }

    Set<Sha256> kept() throws IOException {
      Set<Sha256> all = new HashSet<>();
      store.list(Optional.empty(), 10_000).forEach(each -> all.add(each.digest()));
      return all;
    }
  }

  Restore.Restored restore(Path file, Target target) throws IOException {
    return new Restore(target.address(), target.store(), warnings::add).read(file);
  }

  /** Every row of every table, as text. */
  static List<String> rows(DatabaseAddress address) {
    try (Database database = Database.openMigrated(address, 1)) {
      Jdbi jdbi = database.jdbi();
      List<String> tables =
          jdbi.withHandle(handle ->
              handle
                  .createQuery(
                      "select table_name from information_schema.tables where table_schema = 'public' and table_name <> 'flyway_schema_history' order by 1")
                  .mapTo(String.class)
                  .list());
      String all =
          tables.stream()
              .map(table -> "select '%s ' || t::text from %s t".formatted(table, table))
              .collect(joining(" union all "));
      return jdbi.withHandle(
          handle -> handle.createQuery(all + " order by 1").mapTo(String.class).list());
    }
  }

  static DigestStore digests(Database database) {
    return new DigestStore(database.jdbi());
  }

  /** Writes a backup anew with other bytes for some members; null leaves one out. */
  static Path changed(Path file, Path target, BiFunction<String, byte[], Optional<byte[]>> change)
      throws IOException {
    try (InputStream packed = Files.newInputStream(file);
        TarArchiveInputStream members = new TarArchiveInputStream(new GZIPInputStream(packed));
        OutputStream out = Files.newOutputStream(target);
        TarArchiveOutputStream changed = new TarArchiveOutputStream(new GZIPOutputStream(out))) {
      for (TarArchiveEntry entry = members.getNextEntry();
          entry != null;
          entry = members.getNextEntry()) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        members.transferTo(bytes);
        Optional<byte[]> now = change.apply(entry.getName(), bytes.toByteArray());
        if (now.isPresent()) {
          TarArchiveEntry copy = new TarArchiveEntry(entry.getName());
          copy.setSize(now.get().length);
          changed.putArchiveEntry(copy);
          new ByteArrayInputStream(now.get()).transferTo(changed);
          changed.closeArchiveEntry();
        }
      }
    }
    return target;
  }

  @Override
  public void close() {
    source.close();
  }
}
