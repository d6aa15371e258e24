package dev.raccoon.crash;

import dev.raccoon.db.DatabaseAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** What the database itself says, and what a trigger of our own has seen of builds' ends. */
final class Records {
  private static final String WITNESS =
      """
      create table crash_end (build uuid, state text, digest text);
      create function crash_witness() returns trigger language plpgsql as $$
      begin
        insert into crash_end values (new.id, new.state, new.log_digest);
        return null;
      end $$;
      create trigger crash_witness after update on build for each row
        when (new.finished_at is not null
              and (old.state, old.log_digest, old.finished_at)
                  is distinct from (new.state, new.log_digest, new.finished_at))
        execute function crash_witness();
      """;

  private final CrashSite site;

  Records(CrashSite site) throws SQLException {
    this.site = site;
    try (Connection connection = connect()) {
      connection.createStatement().execute(WITNESS);
    }
  }

  private Connection connect() throws SQLException {
    DatabaseAddress address = site.database();
    return DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
  }

  /** How many builds run, or could; empty while nobody can tell. */
  OptionalInt live() {
    String sql =
        "select count(*) from build where state = 'RUNNING'"
            + " or state = 'QUEUED' and not_before <= now()";
    try {
      return OptionalInt.of(Integer.parseInt(column(sql).getFirst()));
    } catch (SQLException e) {
      return OptionalInt.empty();
    }
  }

  /** The state of {@code build} in the catalogue; empty if it has none. */
  List<String> state(String build) throws SQLException {
    return column("select state from build where id = ?::uuid", build);
  }

  /** Builds whose end was written more than once. */
  List<String> doubled() throws SQLException {
    return column("select build from crash_end group by build having count(*) > 1");
  }

  /** How many builds ended in which way, as {@code SUCCEEDED: 12}. */
  List<String> ends() throws SQLException {
    return column(
        """
        select count(*) || ' ' || state || coalesce(' ' || failure || ': ' || message, '')
        from build group by state, failure, message order by 1
        """);
  }

  /** Builds that have not ended. */
  List<String> unended() throws SQLException {
    return column("select id from build where finished_at is null");
  }

  /** Builds that a node still holds. */
  List<String> leases() throws SQLException {
    return column("select id from build where lease is not null");
  }

  /** Chunks of logs whose builds have ended. */
  List<String> leftChunks() throws SQLException {
    return column(
        "select distinct build_id from log_chunk c join build b on b.id = c.build_id"
            + " where b.finished_at is not null and b.log_digest is not null");
  }

  private List<String> column(String sql, String... values) throws SQLException {
    try (Connection connection = connect();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setString(i + 1, values[i]);
      }
      List<String> found = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          found.add(rows.getString(1));
        }
      }
      return found;
    }
  }
}
