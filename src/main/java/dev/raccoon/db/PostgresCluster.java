package dev.raccoon.db;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A database cluster's folder: PostgreSQL's {@code data}, the {@code password} of our role, and the
 * rules of access. It is made whole beside its place and then renamed, so that an interrupted first
 * start leaves nothing that a later one could stumble over.
 */
record PostgresCluster(Path folder) {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresCluster.class);
  private static final String NAME = "cluster";
  private static final String UNFINISHED = ".initialising-";
  private static final int PASSWORD_BYTES = 32;
  private static final int PORT_LINE = 3;
  private static final int STATUS_LINE = 7;

  /** The cluster in {@code directory}, initialised if there is none yet. */
  static PostgresCluster in(Path directory, PostgresPrograms programs) throws IOException {
    for (Path unfinished : FileTree.children(directory, UNFINISHED + "*")) {
      deleteUnlessStillWritten(unfinished);
    }
    Path folder = directory.resolve(NAME);
    if (!Files.isDirectory(folder)) {
      // A name of its own each time: an initdb that outlived its killed server may still write.
      Path unfinished = Files.createTempDirectory(directory, UNFINISHED);
      new PostgresCluster(unfinished).initialise(programs);
      FileTree.moveIntoPlace(unfinished, folder);
    }
    PostgresCluster cluster = new PostgresCluster(folder.toRealPath());
    cluster.writeHostBasedAccess();
    return cluster;
  }

  /** Whether {@code directory} has certainly none; one that cannot be looked into may have one. */
  static boolean isMissingIn(Path directory) {
    return Files.notExists(directory.resolve(NAME));
  }

  /** Where the cluster in {@code directory} answers, if its {@code postmaster.pid} says it does. */
  static Optional<DatabaseAddress> runningIn(Path directory) {
    PostgresCluster cluster = new PostgresCluster(directory.resolve(NAME));
    try {
      List<String> lines = Files.readAllLines(cluster.data().resolve("postmaster.pid"));
      // PostgreSQL's pidfile.h: the port is the fourth line, and the eighth says how far it is.
      return lines.size() > STATUS_LINE && lines.get(STATUS_LINE).strip().equals("ready")
          ? Optional.of(
              PostgresSettings.address(
                  Integer.parseInt(lines.get(PORT_LINE).strip()), cluster.password()))
          : Optional.empty();
    } catch (NoSuchFileException stopped) {
      return Optional.empty();
    } catch (IOException | NumberFormatException e) {
      throw new DatabaseException("The database in " + directory + " cannot be found: " + e, e);
    }
  }

  Path data() {
    return folder.resolve("data");
  }

  Path hostBasedAccess() {
    return folder.resolve("pg_hba.conf");
  }

  /** The generated password of our role. */
  String password() throws IOException {
    return Files.readString(folder.resolve("password")).strip();
  }

  private static void deleteUnlessStillWritten(Path unfinished) throws IOException {
    try {
      FileTree.delete(unfinished);
    } catch (DirectoryNotEmptyException writtenByAnOrphan) {
      LOG.debug("{} is still being written to; a later start removes it", unfinished);
    }
  }

  private void initialise(PostgresPrograms programs) throws IOException {
    ShortCommand.run(
        List.of(
            programs.program("initdb"),
            "--pgdata=" + data(),
            "--username=postgres",
            "--auth=reject",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--data-checksums"),
        folder,
        "");
    String password = writePassword();
    createRoleAndDatabase(programs, password);
  }

  private String writePassword() throws IOException {
    byte[] random = new byte[PASSWORD_BYTES];
    new SecureRandom().nextBytes(random);
    String password = HexFormat.of().formatHex(random);
    Path file = folder.resolve("password");
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, password + "\n");
    FileTree.sync(file);
    FileTree.sync(folder);
    return password;
  }

  /** In single-user mode, so that no superuser ever listens. There each line is one statement. */
  private void createRoleAndDatabase(PostgresPrograms programs, String password) {
    String statements =
        """
        CREATE ROLE %1$s LOGIN CREATEDB NOSUPERUSER NOCREATEROLE PASSWORD '%2$s'
        CREATE DATABASE %3$s OWNER %1$s
        """
            .formatted(PostgresSettings.ROLE, password, PostgresSettings.DATABASE);
    ShortCommand.run(
        List.of(
            programs.program("postgres"),
            "--single",
            "-D",
            data().toString(),
            "-c",
            "exit_on_error=on",
            // A failing statement must not tell the password to the log.
            "-c",
            "log_min_error_statement=panic",
            "-c",
            "password_encryption=scram-sha-256",
            "postgres"),
        folder,
        statements);
  }

  private void writeHostBasedAccess() throws IOException {
    Path written = folder.resolve("pg_hba.conf.new");
    Files.writeString(written, PostgresSettings.HOST_BASED_ACCESS, UTF_8);
    Files.move(written, hostBasedAccess(), StandardCopyOption.ATOMIC_MOVE);
  }
}
