package dev.raccoon.db;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Fills a database with what another has had: all of it once it is committed, and nothing when it
 * is closed before. Nobody else writes there meanwhile. For one thread; a {@link DatabaseException}
 * means that the database refuses something.
 */
public final class Loading implements AutoCloseable {
  private static final String COUNTERS =
      """
      select table_name, column_name from information_schema.columns
      where table_schema = current_schema() and is_identity = 'YES'
      """;

  private final Connection connection;
  private final List<Table> tables;
  private @Nullable CopyIn copying;

  private Loading(Connection connection, List<Table> tables) {
    this.connection = connection;
    this.tables = tables;
  }

  /** Begins to fill the database at {@code address}. */
  public static Loading begin(DatabaseAddress address) {
    try {
      Connection connection = Tables.connect(address);
      try {
        connection.setAutoCommit(false);
        Loading loading = new Loading(connection, Tables.of(connection));
        // What triggers keep in step is copied as it was; and this holds the tables.
        loading.eachTable("disable trigger user");
        return loading;
      } catch (SQLException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      throw refused(e);
    }
  }

  private void eachTable(String change) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (Table table : tables) {
        statement.execute("alter table " + Table.quoted(table.name()) + " " + change);
      }
    }
  }

  /** The tables that there are, each behind those that its rows refer to. */
  public List<Table> tables() {
    return tables;
  }

  /** The first table with a row, but for those of {@code others}. */
  public Optional<String> filled(Set<String> others) {
    try (Statement statement = connection.createStatement()) {
      for (Table table : tables) {
        ResultSet row =
            statement.executeQuery(
                "select exists (select 1 from " + Table.quoted(table.name()) + ")");
        if (row.next() && row.getBoolean(1) && !others.contains(table.name())) {
          return Optional.of(table.name());
        }
      }
      return Optional.empty();
    } catch (SQLException e) {
      throw refused(e);
    }
  }

  /** Whether {@code query} has a row. */
  public boolean isSo(String query) {
    try (Statement statement = connection.createStatement()) {
      return statement.executeQuery(query).next();
    } catch (SQLException e) {
      throw refused(e);
    }
  }

  /** Empties those of the tables that are among {@code names}. */
  public void clear(Set<String> names) {
    try (Statement statement = connection.createStatement()) {
      for (Table table : tables) {
        if (names.contains(table.name())) {
          statement.execute("delete from " + Table.quoted(table.name()));
        }
      }
    } catch (SQLException e) {
      throw refused(e);
    }
  }

  /** Begins to fill a table that is empty. */
  public void open(Table table) {
    try {
      copying =
          connection
              .unwrap(PGConnection.class)
              .getCopyAPI()
              .copyIn("copy " + table.copied() + " from stdin");
    } catch (SQLException e) {
      throw refused(e);
    }
  }

  /** Goes on with the table that was opened, in the text format of {@code COPY}. */
  public void write(byte[] bytes, int length) {
    try {
      if (copying != null) {
        copying.writeToCopy(bytes, 0, length);
      }
    } catch (SQLException e) {
      throw refused(e);
    }
  }

  /** Ends the table that was opened, if one was. */
  public void end() {
    try {
      if (copying != null) {
        copying.endCopy();
      }
      copying = null;
    } catch (SQLException e) {
      throw refused(e);
    }
  }

  /** All is there. */
  public void commit() {
    try {
      eachTable("enable trigger user");
      moveCountersOn();
      connection.commit();
      connection.setAutoCommit(true);
      try (Statement statement = connection.createStatement()) {
        statement.execute("analyze");
      }
    } catch (SQLException e) {
      throw refused(e);
    }
  }

  private void moveCountersOn() throws SQLException {
    List<String> moves = new ArrayList<>();
    try (Statement statement = connection.createStatement()) {
      ResultSet rows = statement.executeQuery(COUNTERS);
      while (rows.next()) {
        String table = Table.quoted(rows.getString(1));
        String column = rows.getString(2);
        moves.add(
            "select setval(pg_get_serial_sequence('%s', '%s'), coalesce(max(%s), 0) + 1, false) from %s"
                .formatted(table, column, Table.quoted(column), table));
      }
      for (String move : moves) {
        statement.execute(move);
      }
    }
  }

  private static DatabaseException refused(SQLException e) {
    return new DatabaseException("The database refuses what is loaded: " + e.getMessage(), e);
  }

  @Override
  public void close() {
    try {
      if (copying != null && copying.isActive()) {
        copying.cancelCopy();
      }
      connection.close();
    } catch (SQLException e) {
      // The server rolls back what was not committed.
    }
  }
}
