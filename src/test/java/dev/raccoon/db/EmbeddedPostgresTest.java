package dev.raccoon.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresTest {
  @TempDir private static Path directory;
  private static EmbeddedPostgres postgres;

  @BeforeAll
  static void start() {
    postgres = TestPostgres.start(directory);
  }

  @AfterAll
  static void stop() {
    postgres.close();
  }

  @Test
  void theSuperuserCannotLogIn() {
    for (String database : List.of("raccoon", "postgres", "template1")) {
      DatabaseAddress superuser =
          new DatabaseAddress(
              postgres.address().withDatabase(database).jdbcUrl(),
              "postgres",
              postgres.address().password());
      assertThatThrownBy(() -> TestPostgres.connect(superuser).close())
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("no pg_hba.conf entry");
    }
  }

  @Test
  void ourRoleIsNoSuperuserAndReachesOnlyItsOwnDatabases() throws Exception {
    assertThat(
            TestPostgres.ask(
                postgres.address(),
                "SELECT string_agg(rolname, ' ' ORDER BY rolname) FROM pg_roles WHERE rolsuper"))
        .isEqualTo("postgres");
    DatabaseAddress other = postgres.address().withDatabase("postgres");
    assertThatThrownBy(() -> TestPostgres.connect(other).close())
        .hasMessageContaining("no pg_hba.conf entry");
  }

  @Test
  void aWrongPasswordIsRefused() {
    DatabaseAddress guessed =
        new DatabaseAddress(postgres.address().jdbcUrl(), postgres.address().user(), "guessed");

    assertThatThrownBy(() -> TestPostgres.connect(guessed).close())
        .hasMessageContaining("password authentication failed");
  }

  @Test
  void whatIsCommittedIsOnDisk() throws Exception {
    for (var setting :
        Map.of(
                "fsync", "on",
                "synchronous_commit", "on",
                "full_page_writes", "on",
                "data_checksums", "on",
                "server_encoding", "UTF8",
                "listen_addresses", "127.0.0.1")
            .entrySet()) {
      assertThat(TestPostgres.ask(postgres.address(), "SHOW " + setting.getKey()))
          .as(setting.getKey())
          .isEqualTo(setting.getValue());
    }
  }

  @Test
  void itHasNoSocketBesideItsPort() throws Exception {
    List<String> status = Files.readAllLines(directory.resolve("cluster/data/postmaster.pid"));

    assertThat(status.get(4)).as("the sockets' folder").isEmpty();
    assertThat(status.get(5)).as("the address").isEqualTo("127.0.0.1");
  }

  @Test
  void onlyItsOwnerCanReadItsFiles() throws Exception {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
        .isEqualTo("rwx------");
    Path password = directory.resolve("cluster/password");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(password)))
        .isEqualTo("rw-------");
    assertThat(Files.readString(password).strip()).matches("[0-9a-f]{64}");
  }

  @Test
  void twoServersOnOneDirectoryAreRefused() throws Exception {
    assertThatThrownBy(() -> TestPostgres.start(directory))
        .isInstanceOf(DatabaseException.class)
        .hasMessageContaining("Another Raccoon server uses the database");

    assertThat(TestPostgres.ask(postgres.address(), "SELECT 1")).isEqualTo("1");
  }

  @Test
  void controlCInTheTerminalDoesNotReachIt() throws Exception {
    assertThat(processGroup(postgres.pid())).isEqualTo(postgres.pid());
  }

  private static long processGroup(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[2]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
