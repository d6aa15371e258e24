package dev.raccoon.db;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * All that a database has, as of one moment, while others go on writing. For one thread; a {@link
 * DatabaseException} means that the database is in trouble.
 */
public final class Snapshot implements AutoCloseable {
  private static final int ROWS = 1_000;

  private final Connection connection;
  private final List<Table> tables;

  private Snapshot(Connection connection, List<Table> tables) {
    this.connection = connection;
    this.tables = tables;
  }

  /**
   * Takes one of the database at {@code address}, holding the advisory lock {@code key}, an SQL
   * expression, together with whoever holds it shared: from before that moment until this is
   * closed.
   */
  public static Snapshot take(DatabaseAddress address, String key) {
    try {
      Connection connection = Tables.connect(address);
      try {
        return new Snapshot(connection, begin(connection, key));
      } catch (SQLException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      throw trouble(e);
    }
  }

  private static List<Table> begin(Connection connection, String key) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      // In a transaction of its own: the moment is that of the next one's first statement.
      statement.execute("select pg_advisory_lock_shared(" + key + ")");
      statement.execute("set time zone 'UTC'");
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      connection.setReadOnly(true);
      connection.setAutoCommit(false);
      List<Table> tables = Tables.of(connection);
      String names =
          tables.stream()
              .map(table -> Table.quoted(table.name()))
              .collect(Collectors.joining(", "));
      statement.execute("lock table " + names + " in access share mode");
      return tables;
    }
  }

  /** The tables, each behind those that its rows refer to. */
  public List<Table> tables() {
    return tables;
  }

  /** Takes what is read, piece by piece. */
  public interface Sink {
    void take(byte[] piece) throws IOException;
  }

  /** Reads a table in the text format of PostgreSQL's {@code COPY}, a row a piece. */
  public void copy(Table table, Sink sink) throws IOException {
    try {
      CopyOut copy =
          connection
              .unwrap(PGConnection.class)
              .getCopyAPI()
              .copyOut("copy " + table.copied() + " to stdout");
      try {
        for (byte[] row = copy.readFromCopy(); row != null; row = copy.readFromCopy()) {
          sink.take(row);
        }
      } finally {
        if (copy.isActive()) {
          copy.cancelCopy();
        }
      }
    } catch (SQLException e) {
      throw trouble(e);
    }
  }

  /** Takes a text of each row. */
  public interface Texts {
    void take(String text) throws IOException;
  }

  /** Reads the first column of a query's rows; they are not in memory all at once. */
  public void texts(String query, Texts texts) throws IOException {
    try (Statement statement = connection.createStatement()) {
      statement.setFetchSize(ROWS);
      ResultSet rows = statement.executeQuery(query);
      while (rows.next()) {
        texts.take(rows.getString(1));
      }
    } catch (SQLException e) {
      throw trouble(e);
    }
  }

  private static DatabaseException trouble(SQLException e) {
    return new DatabaseException("The database cannot be copied: " + e.getMessage(), e);
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      // It only has read, and the server ends what is left of it.
    }
  }
}
