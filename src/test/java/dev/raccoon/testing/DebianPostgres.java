package dev.raccoon.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Debian 12's own PostgreSQL 15, with a database of a test's own. */
public final class DebianPostgres implements AutoCloseable {
  private static final Path PROGRAMS = Path.of("/usr/lib/postgresql/15/bin");
  private static final String PASSWORD = "secret";

  private final Path data;
  private final int port;

  /** Starts one whose files lie in {@code folder}. */
  public DebianPostgres(Path folder) throws IOException, InterruptedException {
    this.data = folder.resolve("data");
    Files.createDirectories(folder);
    initialise(data, PASSWORD);
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    String options = "-p " + port + " -c listen_addresses=127.0.0.1 -c unix_socket_directories=";
    run("pg_ctl", "-w", "-D", data.toString(), "-l", folder + "/log", "-o", options, "start");
    Patience.await(this::made);
  }

  /** Whether it is installed. */
  public static boolean isThere() {
    return Files.isExecutable(PROGRAMS.resolve("initdb"));
  }

  /** Makes a cluster in {@code data}, whose superuser is raccoon. */
  public static void initialise(Path data, String password)
      throws IOException, InterruptedException {
    Path file = Files.writeString(data.resolveSibling("initial-password"), password);
    run(
        "initdb",
        "--pgdata=" + data,
        "--username=raccoon",
        "--pwfile=" + file,
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C");
  }

  private Optional<Boolean> made() {
    String postgres = "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    try (Connection connection = DriverManager.getConnection(postgres, "raccoon", PASSWORD)) {
      connection.createStatement().execute("create database raccoon");
      return Optional.of(true);
    } catch (SQLException e) {
      return Optional.empty();
    }
  }

  /** As the setting has it. */
  public String url() {
    return "postgresql://raccoon:" + PASSWORD + "@127.0.0.1:" + port + "/raccoon";
  }

  private static void run(String program, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(PROGRAMS.resolve(program).toString()));
    command.addAll(List.of(arguments));
    Program.Ended ended = Program.run(new ProcessBuilder(command));
    if (ended.status() != 0) {
      throw new IOException(program + " ended with " + ended.status() + ": " + ended.errors());
    }
  }

  @Override
  public void close() {
    try {
      run("pg_ctl", "-w", "-D", data.toString(), "-m", "fast", "stop");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
