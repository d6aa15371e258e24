package dev.raccoon.db;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How the embedded PostgreSQL is set. The settings are given on its command line at every start, so
 * that a new release's settings also hold for an old cluster.
 */
final class PostgresSettings {
  static final String DATABASE = "raccoon";
  static final String ROLE = "raccoon";
  static final String HOST = "127.0.0.1";

  /**
   * Who may log in: our one role, to the databases that begin with its name. Whoever no line names
   * is refused, and so is the superuser.
   */
  static final String HOST_BASED_ACCESS =
      "host \"/^" + DATABASE + "\" " + ROLE + " " + HOST + "/32 scram-sha-256\n";

  private static final Map<String, String> ALWAYS =
      Map.ofEntries(
          // What is answered is on disk.
          Map.entry("fsync", "on"),
          Map.entry("full_page_writes", "on"),
          Map.entry("synchronous_commit", "on"),
          // Loopback alone; a socket would be a second door.
          Map.entry("listen_addresses", HOST),
          Map.entry("unix_socket_directories", ""),
          Map.entry("password_encryption", "scram-sha-256"),
          Map.entry("max_connections", "60"),
          // Small: the build sandboxes need the machine's memory and processors more.
          Map.entry("shared_buffers", "32MB"),
          Map.entry("min_wal_size", "32MB"),
          Map.entry("max_wal_size", "512MB"),
          Map.entry("jit", "off"),
          Map.entry("io_method", "sync"),
          Map.entry("max_worker_processes", "2"),
          Map.entry("max_parallel_workers", "2"),
          Map.entry("max_parallel_workers_per_gather", "1"),
          Map.entry("autovacuum_max_workers", "2"),
          // Nothing replicates from it.
          Map.entry("wal_level", "minimal"),
          Map.entry("max_wal_senders", "0"),
          Map.entry("max_logical_replication_workers", "0"),
          // Whatever locale and zone the machine has, the output that is parsed stays the same.
          Map.entry("lc_messages", "C"),
          Map.entry("TimeZone", "UTC"),
          Map.entry("log_timezone", "UTC"),
          Map.entry("log_destination", "stderr"),
          Map.entry("logging_collector", "off"),
          Map.entry("log_line_prefix", ""));

  private PostgresSettings() {}

  /** The arguments of {@code postgres} for a server of {@code data} at {@code port}. */
  static List<String> arguments(Path data, Path hostBasedAccess, int port) {
    List<String> arguments = new ArrayList<>(List.of("-D", data.toString()));
    ALWAYS.forEach((name, value) -> arguments.addAll(List.of("-c", name + "=" + value)));
    arguments.addAll(List.of("-c", "hba_file=" + hostBasedAccess, "-c", "port=" + port));
    return arguments;
  }

  /**
   * Where a client finds the server. It demands the password exchange, in which the server too must
   * show that it knows the password: whoever else took the port learns nothing.
   */
  static DatabaseAddress address(int port, String password) {
    String url =
        "jdbc:postgresql://%s:%d/%s?sslmode=disable&gssEncMode=disable&requireAuth=scram-sha-256"
            .formatted(HOST, port, DATABASE);
    return new DatabaseAddress(url, ROLE, password);
  }
}
