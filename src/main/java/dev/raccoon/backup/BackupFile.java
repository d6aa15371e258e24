package dev.raccoon.backup;

import dev.raccoon.db.Table;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What the file holds: a tar, packed by gzip, of these members in this order.
 *
 * <ul>
 *   <li>{@code manifest.json}: {@link Manifest}
 *   <li>{@code tables/NAME/NUMBER}: a table's rows, in pieces that make one when put together, in
 *       the text format of PostgreSQL's {@code COPY}; tables stand behind those they refer to
 *   <li>{@code digests/NUMBER}: the SHA-256 of every package and log that the tables name, a line
 *       each
 *   <li>{@code sha256/DIGEST}: their bytes, unless they were left out
 *   <li>{@code end.json}: {@link End}, without which the file is not whole
 * </ul>
 */
final class BackupFile {
  static final int FORMAT = 1;
  static final String MANIFEST = "manifest.json";
  static final String TABLES = "tables/";
  static final String DIGESTS = "digests/";
  static final String BYTES = "sha256/";
  static final String END = "end.json";

  private BackupFile() {}

  /**
   * How to read the rest.
   *
   * @param program the version of the program that wrote it
   * @param date when
   * @param schema the version of the tables
   * @param bytes whether packages and logs are inside
   */
  record Manifest(
      int format, String program, String date, String schema, List<Table> tables, boolean bytes) {
    Manifest {
      tables = List.copyOf(tables);
      Objects.requireNonNull(program);
      Objects.requireNonNull(date);
      Objects.requireNonNull(schema);
    }
  }

  /**
   * What must have come before.
   *
   * @param tables the SHA-256 of each table's rows
   * @param digests how many packages and logs are named
   * @param missing how many of them are not inside, since they were missing or damaged
   */
  record End(Map<String, String> tables, long digests, long missing) {
    End {
      tables = Map.copyOf(tables);
    }
  }
}
