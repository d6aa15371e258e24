package dev.raccoon.catalog;

import dev.raccoon.value.Sha256;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Reads an {@link Artifact} from a row of the table. */
final class ArtifactRow {
  private ArtifactRow() {}

  static Artifact read(ResultSet row) throws SQLException {
    return new Artifact(
        row.getString("application"),
        row.getString("format"),
        row.getString("app_vsn"),
        row.getBoolean("main"),
        new Sha256(row.getString("digest")),
        row.getLong("size"),
        nativeCode(row));
  }

  private static Optional<NativeCode> nativeCode(ResultSet row) throws SQLException {
    Array processors = row.getArray("processors");
    Array cLibraries = row.getArray("c_libraries");
    return processors == null || cLibraries == null
        ? Optional.empty()
        : Optional.of(
            new NativeCode(
                texts(processors), texts(cLibraries), BuildRow.text(row, "nif_version")));
  }

  private static List<String> texts(Array array) throws SQLException {
    return List.of((String[]) array.getArray());
  }
}
