package dev.raccoon.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class EmbeddedPostgresDeathTest {
  @TempDir Path directory;

  @Test
  void aKilledServerTakesItsDatabaseWithItAndStartsAgain() throws Exception {
    Process server = server(List.of(), directory);
    try (BufferedReader out = server.inputReader()) {
      String printed = out.lines().filter(line -> line.matches("[0-9]+")).findFirst().orElseThrow();
      ProcessHandle postgres = ProcessHandle.of(Long.parseLong(printed)).orElseThrow();

      server.destroyForcibly().waitFor();

      postgres.onExit().get(60, TimeUnit.SECONDS);
    }
    try (EmbeddedPostgres again = TestPostgres.start(directory)) {
      assertThat(TestPostgres.ask(again.address(), "SELECT word FROM committed"))
          .isEqualTo("still here");
    }
  }

  @Test
  void aDatabaseThatAnEarlierServerLeftRunningIsStopped() throws Exception {
    TestPostgres.start(directory).close();
    PostgresCluster cluster = PostgresCluster.in(directory, TestPostgres.programs());
    Process left = runByHand(cluster);
    try {
      try (EmbeddedPostgres again = TestPostgres.start(directory)) {
        assertThat(left.waitFor(0, TimeUnit.SECONDS)).isTrue();
        assertThat(TestPostgres.ask(again.address(), "SELECT 1")).isEqualTo("1");
      }
    } finally {
      left.destroyForcibly();
    }
  }

  @Test
  void aNumberThatAnotherProcessHasByNowDoesNotKeepItFromStarting() throws Exception {
    TestPostgres.start(directory).close();
    Path data = directory.toRealPath().resolve("cluster/data");
    Process other = new ProcessBuilder("/bin/sleep", "600").start();
    try {
      Files.writeString(
          data.resolve("postmaster.pid"),
          other.pid() + "\n" + data + "\n1\n5432\n\n127.0.0.1\n\nready   \n");

      try (EmbeddedPostgres again = TestPostgres.start(directory)) {
        assertThat(TestPostgres.ask(again.address(), "SELECT 1")).isEqualTo("1");
      }

      assertThat(other.isAlive()).isTrue();
    } finally {
      other.destroyForcibly();
    }
  }

  @Test
  void rootIsRefused() throws Exception {
    List<String> asRoot = List.of("unshare", "--user", "--map-root-user");
    List<String> probe = new ArrayList<>(asRoot);
    probe.add("true");
    assumeThat(new ProcessBuilder(probe).start().waitFor())
        .as("user name spaces are to be had here")
        .isZero();

    Process server = server(asRoot, directory);

    try (BufferedReader errors = server.errorReader()) {
      assertThat(errors.lines()).anyMatch(line -> line.contains("PostgreSQL does not run as root"));
    }
    assertThat(server.waitFor()).isNotZero();
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void aDatabaseThatRefusesOurPasswordIsNotLeftRunning() throws Exception {
    TestPostgres.start(directory).close();
    Files.writeString(directory.resolve("cluster/password"), "another");

    assertThatThrownBy(() -> TestPostgres.start(directory))
        .isInstanceOf(DatabaseException.class)
        .hasMessageContaining("refuses our connection");

    assertThat(directory.resolve("cluster/data/postmaster.pid")).doesNotExist();
  }

  private static Process server(List<String> launcher, Path directory) throws Exception {
    List<String> command = new ArrayList<>(launcher);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(ServerThatIsKilled.class.getName(), directory.toString()));
    return new ProcessBuilder(command).start();
  }

  /** As a server that was killed on a machine without setpriv would leave it. */
  private static Process runByHand(PostgresCluster cluster) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(TestPostgres.programs().program("postgres"));
    command.addAll(
        PostgresSettings.arguments(
            cluster.data(), cluster.hostBasedAccess(), TestPostgres.freePort()));
    Process process = ShortCommand.in(cluster.folder(), command).start();
    BufferedReader out = process.inputReader();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.contains("ready to accept connections")) {
        return process;
      }
    }
    throw new AssertionError("postgres did not start");
  }
}
