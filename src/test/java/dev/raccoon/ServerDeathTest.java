package dev.raccoon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.testing.FixtureRepositories;
import dev.raccoon.testing.Patience;
import dev.raccoon.testing.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The server's end, in the middle of a build: by kill -9, and by SIGTERM. */
class ServerDeathTest {
  private static final String REQUEST =
      """
      {"full_name": "acme/silent", "clone_url": "https://git.example.org/silent.git",
       "versions": [{"ref": "silent-2s"}]}
      """;

  @TempDir Path folder;
  private Map<String, String> settings = Map.of();

  @BeforeEach
  void makeRepository() throws IOException {
    FixtureRepositories repositories =
        new FixtureRepositories(Files.createDirectory(folder.resolve("repositories")));
    repositories.make("silent");
    settings =
        Map.of(
            "RACCOON_GIT_REWRITES",
            "https://git.example.org/=" + repositories.folder() + "/",
            "RACCOON_SHUTDOWN_GRACE",
            "100ms");
  }

  @Test
  void aBuildWhoseServerIsKilledRunsAgainByItselfAndNothingIsLeftBehind() throws Exception {
    String id;
    try (ServerProcess server = ServerProcess.start(folder, settings)) {
      id = startBuild(server);
      server.kill();
    }
    Patience.await(() -> processesOf(folder).isEmpty() ? Optional.of(true) : Optional.empty());
    try (ServerProcess server = ServerProcess.start(folder, settings)) {
      JsonNode build = ended(server, id);
      assertThat(build.get("state").stringValue()).as(server.output()).isEqualTo("SUCCEEDED");
      assertThat(build.get("attempt").intValue()).isEqualTo(2);
      Patience.await(() -> workFolders().isEmpty() ? Optional.of(true) : Optional.empty());
      assertThat(server.terminate()).isIn(0, 143);
    }
    assertThat(processesOf(folder)).isEmpty();
  }

  @Test
  void aBuildThatOutlivesTheGraceOfAShutdownGoesBackToTheQueueAndRunsAfterTheNextStart()
      throws Exception {
    String id;
    try (ServerProcess server = ServerProcess.start(folder, settings)) {
      id = startBuild(server);
      server.terminate();
      assertThat(server.output()).contains("goes back to the queue", "Stopped");
    }
    assertThat(processesOf(folder)).isEmpty();
    try (ServerProcess server = ServerProcess.start(folder, settings)) {
      JsonNode build = ended(server, id);
      assertThat(build.get("state").stringValue()).isEqualTo("SUCCEEDED");
      assertThat(build.get("attempt").intValue()).as("an orderly end is no attempt").isEqualTo(1);
    }
  }

  @Test
  void aServerWhoseDatabaseDiesEndsAndSaysSo() throws Exception {
    try (ServerProcess server = ServerProcess.start(folder, settings)) {
      ProcessHandle.allProcesses()
          .filter(process -> commandLine(process).contains("/bin/postgres -D " + folder))
          .forEach(ProcessHandle::destroyForcibly);
      assertThat(server.awaitEnd()).isEqualTo(1);
      assertThat(server.output()).contains("The server ends, since its database has");
    }
  }

  @Test
  void whoWaitsForABuildIsAnsweredWhenTheServerIsToldToEnd() throws Exception {
    try (ServerProcess server = ServerProcess.start(folder, settings);
        ExecutorService client = Executors.newSingleThreadExecutor()) {
      Future<JsonNode> waiting = client.submit(() -> server.post("/buildSync", REQUEST));
      Patience.await(
          () -> Optional.of(server.output()).filter(log -> log.contains(" starts: acme/silent")));
      server.terminate();
      assertThat(waiting.get().get("response").stringValue()).contains("stopping");
    }
  }

  private static String commandLine(ProcessHandle process) {
    return process.info().commandLine().orElse("");
  }

  @Test
  void aSecondServerOnTheSameDataDirectoryIsRefusedInASentence() throws Exception {
    try (ServerProcess server = ServerProcess.start(folder, settings)) {
      assertThat(server.get("/health").get("result").booleanValue()).isTrue();
      Optional<AssertionError> refusal = Optional.empty();
      try (ServerProcess second = ServerProcess.start(folder, settings)) {
        assertThat(second.output()).isEmpty();
      } catch (AssertionError e) {
        refusal = Optional.of(e);
      }
      assertThat(refusal.orElseThrow().getMessage())
          .contains("raccoon: Another server uses the data directory")
          .doesNotContain("Exception");
    }
  }

  /** Asks for a build and waits until it compiles. */
  private static String startBuild(ServerProcess server) throws Exception {
    JsonNode queued = server.post("/buildAsync", REQUEST).get("response").get("builds").get(0);
    String id = queued.get("build_id").stringValue();
    Patience.await(() ->
        server.build(id).get("stage").isString()
                && server.build(id).get("stage").stringValue().equals("compile")
            ? Optional.of(true)
            : Optional.empty());
    return id;
  }

  private static JsonNode ended(ServerProcess server, String id) throws InterruptedException {
    return Patience.await(
        () -> Optional.of(server.build(id)).filter(build -> build.get("build_date").isString()));
  }

  /** Whatever runs for the server whose files are in {@code folder}: PostgreSQL, sandboxes, git. */
  private static List<String> processesOf(Path folder) {
    return ProcessHandle.allProcesses()
        .filter(process -> process.pid() != ProcessHandle.current().pid())
        .map(ServerDeathTest::commandLine)
        .filter(command -> command.contains(folder.toString()))
        .toList();
  }

  private List<Path> workFolders() {
    Path builds = folder.resolve("data/work/builds");
    try (Stream<Path> entries = Files.list(builds)) {
      return entries.toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
