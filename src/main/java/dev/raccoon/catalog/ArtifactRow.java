package dev.raccoon.catalog;

import dev.raccoon.value.Sha256;
import java.sql.ResultSet;
import java.sql.SQLException;

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
        row.getLong("size"));
  }
}
