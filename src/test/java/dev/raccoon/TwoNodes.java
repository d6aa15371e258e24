package dev.raccoon;

import dev.raccoon.db.TestDatabase;
import dev.raccoon.testing.FixtureRepositories;
import dev.raccoon.testing.Patience;
import dev.raccoon.testing.ServerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import tools.jackson.databind.JsonNode;

/** Forty real builds by one node of one slot, and by two. */
final class TwoNodes {
  private static final int BUILDS = 40;
  private static final Duration LONGEST = Duration.ofMinutes(10);

  private TwoNodes() {}

  /** How long they took together. */
  record Result(double one, double two) {
    @Override
    public String toString() {
      return "%d builds by one node: %.1f s; by two: %.1f s, %.2f times as fast"
          .formatted(BUILDS, one, two, one / two);
    }
  }

  static Result measure(Path folder) throws Exception {
    return new Result(
        seconds(Files.createDirectory(folder.resolve("one")), 1),
        seconds(Files.createDirectory(folder.resolve("two")), 2));
  }

  private static double seconds(Path folder, int nodes) throws Exception {
    FixtureRepositories repositories =
        new FixtureRepositories(Files.createDirectory(folder.resolve("repositories")));
    repositories.make("demo");
    List<ServerProcess> running = new ArrayList<>();
    try (TestDatabase database = TestDatabase.fresh()) {
      for (int i = 0; i < nodes; i++) {
        Map<String, String> settings = new HashMap<>();
        settings.put("RACCOON_DATABASE_URL", database.url());
        settings.put("RACCOON_DATA_DIR", folder.resolve("node" + i).toString());
        settings.put("RACCOON_ARTIFACTS", "file:" + folder.resolve("artifacts"));
        settings.put(
            "RACCOON_GIT_REWRITES", "https://git.example.org/=" + repositories.folder() + "/");
        settings.put("RACCOON_RATE_BUILDS", "off");
        settings.put("RACCOON_BUILD_SLOTS", "1");
        running.add(ServerProcess.start(folder, settings));
      }
      Jdbi jdbi = database.database().jdbi();
      // Not measured: each node's first look at its tools.
      for (int i = 0; i < 2 * nodes; i++) {
        ask(running.getFirst(), "acme/first" + i);
      }
      awaitEnd(jdbi, 2 * nodes);
      long start = System.nanoTime();
      for (int i = 0; i < BUILDS; i++) {
        ask(running.getFirst(), "acme/demo" + i);
      }
      awaitEnd(jdbi, 2 * nodes + BUILDS);
      return (System.nanoTime() - start) / 1e9;
    } finally {
      running.forEach(ServerProcess::close);
    }
  }

  private static void ask(ServerProcess server, String name) throws Exception {
    String body =
        """
        {"full_name": "%s", "clone_url": "https://git.example.org/demo.git", "versions": [{"ref": "1.0.0"}]}
        """
            .formatted(name);
    JsonNode answer = server.post("/buildAsync", body);
    if (!answer.get("result").booleanValue()) {
      throw new AssertionError(answer);
    }
  }

  private static void awaitEnd(Jdbi jdbi, int builds) {
    Patience.await(
        LONGEST,
        () ->
            jdbi.withHandle(handle ->
                handle
                    .createQuery(
                        "select 1 where (select count(*) from build where state = 'SUCCEEDED') = :builds")
                    .bind("builds", builds)
                    .mapTo(Integer.class)
                    .findOne()));
  }
}
