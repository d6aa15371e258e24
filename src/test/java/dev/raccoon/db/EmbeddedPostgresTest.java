package dev.raccoon.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresTest {
  @TempDir Path temporary;
  private Path directory;
  private EmbeddedPostgres postgres;

  @BeforeEach
  void start() {
    directory = temporary.resolve("postgres");
    postgres = TestPostgres.start(directory);
  }

  @AfterEach
  void stop() {
    postgres.close();
  }

  @Test
  void aSecondStartKeepsTheData() throws Exception {
    TestPostgres.execute(postgres.address(), "CREATE TABLE kept AS SELECT 'still here' AS word");
    postgres.close();

    postgres = TestPostgres.start(directory);

    assertThat(TestPostgres.ask(postgres.address(), "SELECT word FROM kept"))
        .isEqualTo("still here");
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
  void aPortThatWasTakenMeanwhileIsNoObstacle() throws Exception {
    postgres.close();
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      int free = TestPostgres.freePort();
      Iterator<Integer> ports = List.of(taken.getLocalPort(), free).iterator();

      postgres = TestPostgres.start(directory, ports::next);

      assertThat(postgres.address().jdbcUrl()).contains(":" + free + "/");
      assertThat(TestPostgres.ask(postgres.address(), "SELECT 1")).isEqualTo("1");
    }
  }

  @Test
  void aHalfInitialisedClusterIsStartedAfresh() throws Exception {
    Path second = Files.createDirectories(temporary.resolve("second"));
    Path half = Files.createDirectories(second.resolve(".initialising-12345/data"));
    Files.writeString(half.resolve("PG_VERSION"), "18\n");

    try (EmbeddedPostgres other = TestPostgres.start(second)) {
      assertThat(TestPostgres.ask(other.address(), "SELECT current_user")).isEqualTo("raccoon");
    }

    assertThat(half).doesNotExist();
  }

  @Test
  void whatKeepsItFromStartingIsTold() throws Exception {
    postgres.close();
    Files.writeString(directory.resolve("cluster/data/PG_VERSION"), "9\n");

    assertThatThrownBy(() -> TestPostgres.start(directory))
        .isInstanceOf(DatabaseException.class)
        .hasMessageContaining("PostgreSQL does not start")
        .hasMessageContaining("incompatible with server");
  }

  @Test
  void controlCInTheTerminalDoesNotReachIt() throws Exception {
    assertThat(processGroup(postgres.pid())).isEqualTo(postgres.pid());
  }

  @Test
  void programsThatWereUnpackedHalfwayAreUnpackedAgain() throws Exception {
    Path second = Files.createDirectories(temporary.resolve("second"));
    Path half = Files.createDirectories(second.resolve(".unpacking-12345/bin"));
    Path old = Files.createDirectories(second.resolve("programs-00000000/bin"));

    try (EmbeddedPostgres other = EmbeddedPostgres.start(second)) {
      assertThat(TestPostgres.ask(other.address(), "SHOW server_version")).startsWith("18");
    }

    assertThat(half).doesNotExist();
    assertThat(old).doesNotExist();
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
