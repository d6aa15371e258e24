package dev.raccoon.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresStartTest {
  @TempDir private Path directory;

  @Test
  void aSecondStartKeepsTheData() throws Exception {
    try (EmbeddedPostgres first = TestPostgres.start(directory)) {
      TestPostgres.execute(first.address(), "CREATE TABLE kept AS SELECT 'still here' AS word");
    }

    try (EmbeddedPostgres second = TestPostgres.start(directory)) {
      assertThat(TestPostgres.ask(second.address(), "SELECT word FROM kept"))
          .isEqualTo("still here");
    }
  }

  @Test
  void aPortThatWasTakenMeanwhileIsNoObstacle() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      int free = TestPostgres.freePort();
      Iterator<Integer> ports = List.of(taken.getLocalPort(), free).iterator();

      try (EmbeddedPostgres postgres = TestPostgres.start(directory, ports::next)) {
        assertThat(postgres.address().jdbcUrl()).contains(":" + free + "/");
        assertThat(TestPostgres.ask(postgres.address(), "SELECT 1")).isEqualTo("1");
      }
    }
  }

  @Test
  void whatKeepsItFromStartingIsTold() throws Exception {
    TestPostgres.start(directory).close();
    Files.writeString(directory.resolve("cluster/data/postgresql.conf"), "no such setting = 1\n");

    assertThatThrownBy(() -> TestPostgres.start(directory))
        .isInstanceOf(DatabaseException.class)
        .hasMessageContaining("PostgreSQL does not start")
        .hasMessageContaining("syntax error");
  }

  @Test
  void aClusterOfAnotherMajorVersionIsRefusedWithTheWayOutAndStaysAsItWas() throws Exception {
    TestPostgres.start(directory).close();
    Path old = Files.createDirectories(directory.resolve("programs-00000000/bin"));
    Path version = directory.resolve("cluster/data/PG_VERSION");
    Files.writeString(version, "17\n");

    assertThatThrownBy(() -> EmbeddedPostgres.start(directory))
        .isInstanceOf(DatabaseException.class)
        .hasMessageMatching(
            "The database in \\S+/cluster was made by PostgreSQL 17, and this release of Raccoon has 18[.0-9]*, which cannot"
                + " read it. Nothing is changed. Start the release again that has run it, make a backup with that"
                + " \\(bin/raccoon backup\\), and restore it with this one into a new data directory: see Backup in"
                + " docs/operations.md.");
    assertThat(old).as("the programs that can read it").exists();

    Files.writeString(version, "18\n");
    TestPostgres.start(directory).close();
  }

  @Test
  void aHalfInitialisedClusterIsStartedAfresh() throws Exception {
    Path half = Files.createDirectories(directory.resolve(".initialising-12345/data"));
    Files.writeString(half.resolve("PG_VERSION"), "18\n");

    try (EmbeddedPostgres postgres = TestPostgres.start(directory)) {
      assertThat(TestPostgres.ask(postgres.address(), "SELECT current_user")).isEqualTo("raccoon");
    }

    assertThat(half).doesNotExist();
  }

  @Test
  void programsThatWereUnpackedHalfwayAreUnpackedAgainAndOldOnesGo() throws Exception {
    Path half = Files.createDirectories(directory.resolve(".unpacking-12345/bin"));
    Path old = Files.createDirectories(directory.resolve("programs-00000000/bin"));

    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(directory)) {
      assertThat(TestPostgres.ask(postgres.address(), "SHOW server_version")).startsWith("18");
    }

    assertThat(half).doesNotExist();
    assertThat(old).doesNotExist();
  }
}
