package dev.raccoon.db;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.postgresql.ds.PGSimpleDataSource;

/** The tables that a database has, without the history of its schema. */
final class Tables {
  private static final int CONNECT_LIMIT_SECONDS = 5;

  private static final String COLUMNS =
      """
      select c.relname, a.attname from pg_class c join pg_attribute a on a.attrelid = c.oid
      where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r'
        and c.relname <> 'flyway_schema_history'
        and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
      order by c.relname, a.attnum
      """;

  private static final String REFERENCES =
      """
      select t.relname, other.relname from pg_constraint k
        join pg_class t on t.oid = k.conrelid join pg_class other on other.oid = k.confrelid
      where k.contype = 'f' and k.conrelid <> k.confrelid
        and t.relnamespace = current_schema()::regnamespace
      """;

  private Tables() {}

  /** A connection of its own: copying a large table takes longer than any other statement. */
  static Connection connect(DatabaseAddress address) throws SQLException {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(address.jdbcUrl());
    source.setUser(address.user());
    source.setPassword(address.password());
    source.setApplicationName("raccoon backup");
    source.setConnectTimeout(CONNECT_LIMIT_SECONDS);
    source.setTcpKeepAlive(true);
    return source.getConnection();
  }

  /** All, each behind those that its rows refer to. */
  static List<Table> of(Connection connection) throws SQLException {
    Map<String, List<String>> columns = new LinkedHashMap<>();
    Map<String, Set<String>> references = new LinkedHashMap<>();
    try (Statement statement = connection.createStatement()) {
      ResultSet rows = statement.executeQuery(COLUMNS);
      while (rows.next()) {
        columns.computeIfAbsent(rows.getString(1), _ -> new ArrayList<>()).add(rows.getString(2));
      }
      rows = statement.executeQuery(REFERENCES);
      while (rows.next()) {
        references
            .computeIfAbsent(rows.getString(1), _ -> new LinkedHashSet<>())
            .add(rows.getString(2));
      }
    }
    List<Table> ordered = new ArrayList<>();
    Set<String> done = new LinkedHashSet<>();
    while (done.size() < columns.size()) {
      String next =
          columns.keySet().stream()
              .filter(name -> !done.contains(name))
              .filter(name -> done.containsAll(references.getOrDefault(name, Set.of())))
              .findFirst()
              .orElseThrow(() -> new IllegalStateException("tables that refer to one another"));
      done.add(next);
      ordered.add(new Table(next, columns.getOrDefault(next, List.of())));
    }
    return ordered;
  }
}
