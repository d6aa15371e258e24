package dev.raccoon.db;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.IntSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A real PostgreSQL that this server runs for itself in a directory of its own, so that one command
 * runs everything. It ends with the JVM, even a killed one; its data stays. Thread-safe.
 */
public final class EmbeddedPostgres implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(30);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
  private static final int PORTS_TRIED = 5;

  /** As its postinit.c has it. */
  private static final Pattern OTHER_VERSION =
      Pattern.compile(
          "initialized by PostgreSQL version (\\S+), which is not compatible with this version (\\S+)[.]");

  private final DirectoryLock lock;
  private final PostgresProcess process;
  private final DatabaseAddress address;

  private EmbeddedPostgres(DirectoryLock lock, PostgresProcess process, DatabaseAddress address) {
    this.lock = lock;
    this.process = process;
    this.address = address;
  }

  /**
   * Starts the database in {@code directory}, which is made, unpacked and initialised on the first
   * start and then belongs to it alone. Returns when it answers.
   *
   * @throws DatabaseException when it cannot be started: as root, beside another server on the same
   *     directory, or with PostgreSQL's own reason
   */
  public static EmbeddedPostgres start(Path directory) {
    return start(directory, directory, EmbeddedPostgres::freePort);
  }

  /**
   * Where the database in {@code directory} answers that another process of this machine runs, for
   * whoever may read its password; empty while it does not answer.
   */
  public static Optional<DatabaseAddress> running(Path directory) {
    return PostgresCluster.runningIn(directory);
  }

  /** Whether there is certainly no database in {@code directory} yet. */
  public static boolean neverStarted(Path directory) {
    return PostgresCluster.isMissingIn(directory);
  }

  static EmbeddedPostgres start(Path directory, Path programsDirectory, IntSupplier ports) {
    try {
      refuseRoot();
      makePrivate(directory);
      DirectoryLock lock = DirectoryLock.take(directory);
      try {
        return startLocked(lock, directory.toRealPath(), programsDirectory.toRealPath(), ports);
      } catch (Throwable e) {
        lock.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("The embedded PostgreSQL's directory cannot be used", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DatabaseException("Interrupted while the embedded PostgreSQL started.", e);
    }
  }

  /** Where it answers: another port at every start, the same password. */
  public DatabaseAddress address() {
    return address;
  }

  /** Completed when it ends though it was not closed: nothing that needs it works any more. */
  public CompletionStage<Void> lost() {
    return process.lost();
  }

  /** Ends it in order, or after 20 s at once, and leaves its data for the next start. */
  @Override
  public void close() {
    process.stop(STOP_LIMIT);
    try {
      lock.close();
    } catch (IOException e) {
      throw new UncheckedIOException("The embedded PostgreSQL's lock cannot be closed", e);
    }
  }

  /** The number of its first process, the postmaster. */
  long pid() {
    return process.pid();
  }

  private static EmbeddedPostgres startLocked(
      DirectoryLock lock, Path directory, Path programsDirectory, IntSupplier ports)
      throws IOException, InterruptedException {
    PostgresPrograms programs = PostgresPrograms.unpackedIn(programsDirectory);
    PostgresCluster cluster = PostgresCluster.in(directory, programs);
    LeftoverPostgres.stop(cluster.data(), programs, STOP_LIMIT);
    String password = cluster.password();
    for (int attempt = 1; ; attempt++) {
      int port = ports.getAsInt();
      PostgresProcess process =
          PostgresProcess.start(
              programs,
              cluster.folder(),
              PostgresSettings.arguments(cluster.data(), cluster.hostBasedAccess(), port));
      if (process.awaitReady(START_LIMIT)) {
        if (programsDirectory.equals(directory)) {
          programs.deleteOthers(directory);
        }
        return answering(lock, process, PostgresSettings.address(port, password));
      }
      boolean portTaken = process.log().mentions("could not create any TCP/IP sockets");
      if (!portTaken || attempt == PORTS_TRIED) {
        throw notStarted(cluster, process);
      }
    }
  }

  /** PostgreSQL itself compares the versions, before it has touched anything. */
  private static DatabaseException notStarted(PostgresCluster cluster, PostgresProcess process) {
    Matcher versions = OTHER_VERSION.matcher(process.lastLines());
    return new DatabaseException(
        versions.find()
            ? """
            The database in %s was made by PostgreSQL %s, and this release of Raccoon has %s, which cannot read it. \
            Nothing is changed. Start the release again that has run it, make a backup with that (bin/raccoon backup), \
            and restore it with this one into a new data directory: see Backup in docs/operations.md.\
            """
                .formatted(cluster.folder(), versions.group(1), versions.group(2))
            : "PostgreSQL does not start: " + process.lastLines());
  }

  private static EmbeddedPostgres answering(
      DirectoryLock lock, PostgresProcess process, DatabaseAddress address) {
    try (Connection connection =
        DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password())) {
      connection.isValid(Math.toIntExact(START_LIMIT.toSeconds()));
      return new EmbeddedPostgres(lock, process, address);
    } catch (SQLException e) {
      process.stop(STOP_LIMIT);
      throw new DatabaseException("The embedded PostgreSQL runs, but refuses our connection.", e);
    }
  }

  private static void refuseRoot() throws IOException {
    if (Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))) {
      throw new DatabaseException(
          "PostgreSQL does not run as root: start the server as another user, or name a database with"
              + " RACCOON_DATABASE_URL.");
    }
  }

  private static void makePrivate(Path directory) throws IOException {
    Files.createDirectories(directory);
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
  }

  private static int freePort() {
    try (ServerSocket socket =
        new ServerSocket(0, 1, InetAddress.ofLiteral(PostgresSettings.HOST))) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("No free port on " + PostgresSettings.HOST, e);
    }
  }
}
