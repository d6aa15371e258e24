package dev.raccoon.db;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.IntSupplier;

/** Starts real PostgreSQL servers whose programs are unpacked once for all tests. */
final class TestPostgres {
  private TestPostgres() {}

  static EmbeddedPostgres start(Path directory) {
    return start(directory, TestPostgres::freePort);
  }

  static EmbeddedPostgres start(Path directory, IntSupplier ports) {
    return EmbeddedPostgres.start(directory, programsDirectory(), ports);
  }

  static PostgresPrograms programs() throws IOException {
    return PostgresPrograms.unpackedIn(programsDirectory());
  }

  /** Under the build's folder, where a clean removes it. */
  static Path folder() {
    return Path.of("target", "test-postgres");
  }

  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Connection connect(DatabaseAddress address) throws SQLException {
    return DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
  }

  static void execute(DatabaseAddress address, String sql) throws SQLException {
    try (Connection connection = connect(address);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The first column of the first row. */
  static String ask(DatabaseAddress address, String sql) throws SQLException {
    try (Connection connection = connect(address);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  private static Path programsDirectory() {
    try {
      return Files.createDirectories(folder().resolve("programs"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
