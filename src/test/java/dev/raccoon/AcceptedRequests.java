package dev.raccoon;

import dev.raccoon.db.TestDatabase;
import dev.raccoon.testing.FixtureRepositories;
import dev.raccoon.testing.ServerProcess;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Clients that ask for builds as fast as they are answered, all of this machine: each answer must
 * have a build, and each of those builds must be in the database afterwards.
 */
final class AcceptedRequests {
  private static final int CLIENTS = 32;
  private static final int PACKAGES = 1_000;

  /** A server that has just started interprets its code. */
  private static final Duration WARM_UP = Duration.ofSeconds(20);

  private final String url;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final AtomicInteger number = new AtomicInteger();

  private AcceptedRequests(String url) {
    this.url = url;
  }

  /**
   * What was accepted.
   *
   * @param millis how long each answer took, the shortest first
   * @param missing builds that were promised and are not in the database
   */
  record Result(double seconds, List<Double> millis, int missing) {
    @Override
    public String toString() {
      return "requests accepted by one server, %d clients: %.0f a second; answers %.1f ms, p99 %.1f ms; %d of %d missing"
          .formatted(
              CLIENTS,
              millis.size() / seconds,
              millis.get(millis.size() / 2),
              millis.get(millis.size() * 99 / 100),
              missing,
              millis.size());
    }
  }

  static Result measure(Path folder, int seconds) throws Exception {
    FixtureRepositories repositories =
        new FixtureRepositories(Files.createDirectory(folder.resolve("repositories")));
    repositories.make("demo");
    try (TestDatabase database = TestDatabase.fresh();
        ServerProcess server =
            ServerProcess.start(
                folder,
                Map.of(
                    "RACCOON_DATABASE_URL",
                    database.url(),
                    "RACCOON_GIT_REWRITES",
                    "https://git.example.org/=" + repositories.folder() + "/",
                    "RACCOON_RATE_BUILDS",
                    "off",
                    "RACCOON_RATE_READS",
                    "off"),
                "serve",
                "--no-builds")) {
      AcceptedRequests requests = new AcceptedRequests(server.url());
      var _ = requests.ask(WARM_UP);
      long start = System.nanoTime();
      List<Accepted> accepted = requests.ask(Duration.ofSeconds(seconds));
      double took = (System.nanoTime() - start) / 1e9;
      List<Double> millis = accepted.stream().map(Accepted::millis).sorted().toList();
      return new Result(took, millis, accepted.size() - there(database, accepted));
    }
  }

  private static int there(TestDatabase database, List<Accepted> accepted) {
    UUID[] ids = accepted.stream().map(Accepted::build).toArray(UUID[]::new);
    return database
        .database()
        .jdbi()
        .withHandle(handle ->
            handle
                .createQuery(
                    "select count(*) from build join request_build on build_id = id where id = any (:ids)")
                .bindArray("ids", UUID.class, (Object[]) ids)
                .mapTo(Integer.class)
                .one());
  }

  private record Accepted(UUID build, double millis) {}

  private List<Accepted> ask(Duration duration) throws Exception {
    long end = System.nanoTime() + duration.toNanos();
    List<Accepted> all = new ArrayList<>();
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<Accepted>>> asked = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        asked.add(clients.submit(() -> askUntil(end)));
      }
      for (Future<List<Accepted>> each : asked) {
        all.addAll(each.get());
      }
    }
    return all;
  }

  private List<Accepted> askUntil(long end) throws Exception {
    List<Accepted> accepted = new ArrayList<>();
    while (System.nanoTime() < end) {
      long start = System.nanoTime();
      UUID build = ask(number.getAndIncrement());
      accepted.add(new Accepted(build, (System.nanoTime() - start) / 1e6));
    }
    return accepted;
  }

  private UUID ask(int next) throws Exception {
    String body =
        """
        {"full_name": "acme/demo%d", "clone_url": "https://git.example.org/demo.git", "versions": [{"ref": "1.%d.0", "erl_version": "25"}]}
        """
            .formatted(next % PACKAGES, next);
    HttpResponse<byte[]> answer =
        client.send(
            HttpRequest.newBuilder(URI.create(url + "/buildAsync"))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofByteArray());
    if (answer.statusCode() != 200) {
      throw new AssertionError(
          answer.statusCode() + ": " + new String(answer.body(), StandardCharsets.UTF_8));
    }
    JsonNode builds = new JsonMapper().readTree(answer.body()).get("response").get("builds");
    return UUID.fromString(builds.get(0).get("build_id").stringValue());
  }
}
