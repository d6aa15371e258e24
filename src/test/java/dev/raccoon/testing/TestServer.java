package dev.raccoon.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.raccoon.Server;
import dev.raccoon.config.Settings;
import dev.raccoon.db.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The whole server on a free port, with a database of its own and the fixtures' repositories behind
 * {@code https://git.example.org/}, and a client that speaks to it.
 */
public final class TestServer implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();

  private final TestDatabase database = TestDatabase.fresh();
  private final HttpClient client = HttpClient.newHttpClient();
  private final FixtureRepositories repositories;
  private final Map<String, GitRepository> made = new HashMap<>();
  private final Path data;
  private final Map<String, String> settings;
  private final Server server;

  private TestServer(Path folder, Map<String, String> settings) throws IOException {
    this.repositories =
        new FixtureRepositories(Files.createDirectories(folder.resolve("repositories")));
    this.data = folder.resolve("data");
    Map<String, String> all = new HashMap<>();
    all.put("PATH", System.getenv().getOrDefault("PATH", "/usr/bin:/bin"));
    all.put("RACCOON_PORT", "0");
    all.put("RACCOON_DATA_DIR", data.toString());
    all.put("RACCOON_DATABASE_URL", database.url());
    all.put("RACCOON_GIT_REWRITES", "https://git.example.org/=" + repositories.folder() + "/");
    all.put("RACCOON_SHUTDOWN_GRACE", "0s");
    // Tests ask for more builds in a minute than anybody else.
    all.put("RACCOON_RATE_BUILDS", "off");
    all.put("RACCOON_CGROUP", System.getProperty("test.cgroup", "raccoon"));
    all.putAll(settings);
    this.settings = Map.copyOf(all);
    this.server = Server.start(Settings.of(all));
  }

  /** A server whose files all lie in {@code folder}. */
  public static TestServer start(Path folder) throws IOException {
    return start(folder, Map.of());
  }

  /** A server with some settings of its own. */
  public static TestServer start(Path folder, Map<String, String> settings) throws IOException {
    return new TestServer(folder, settings);
  }

  /** What it was started with, by the settings' names. */
  public Map<String, String> settings() {
    return settings;
  }

  public Server server() {
    return server;
  }

  public TestDatabase database() {
    return database;
  }

  public Path data() {
    return data;
  }

  /** The repository of a fixture, made when it is first asked for. */
  public synchronized GitRepository repository(String fixture) throws IOException {
    GitRepository known = made.get(fixture);
    if (known == null) {
      known = repositories.make(fixture);
      made.put(fixture, known);
    }
    return known;
  }

  /** Makes the fixture's repository and answers a request's body for {@code acme/NAME}. */
  public String request(String fixture, String versions) throws IOException {
    repository(fixture);
    return """
    {"full_name": "acme/%s", "clone_url": "https://git.example.org/%s.git", "versions": %s}
    """
        .formatted(fixture, fixture, versions);
  }

  /**
   * Asks for builds and waits for their end. Answers the builds, as {@code GET /builds/ID} has
   * them.
   */
  public java.util.List<JsonNode> build(String fixture, String versions) throws Exception {
    Reply reply = post("/buildSync", request(fixture, versions));
    if (reply.json().get("result").booleanValue()) {
      java.util.List<JsonNode> builds = new java.util.ArrayList<>();
      for (JsonNode row : reply.response().get("builds")) {
        builds.add(get("/builds/" + row.get("build_id").stringValue()).response());
      }
      return builds;
    }
    throw new AssertionError(reply.response().stringValue());
  }

  /** Asks for one build that need not succeed, and waits for its end. */
  public JsonNode ended(String fixture, String versions) throws Exception {
    Reply reply = post("/buildAsync", request(fixture, versions));
    return ended(reply.response().get("builds").get(0).get("build_id").stringValue());
  }

  /** Waits for a build's end. */
  public JsonNode ended(String id) throws Exception {
    return Patience.await(() -> {
      JsonNode build = get("/builds/" + id).response();
      String state = build.get("state").stringValue();
      return state.equals("QUEUED") || state.equals("RUNNING")
          ? Optional.empty()
          : Optional.of(build);
    });
  }

  /** What came back. */
  public record Reply(HttpResponse<byte[]> http) {
    public int status() {
      return http.statusCode();
    }

    public String text() {
      return new String(http.body(), StandardCharsets.UTF_8);
    }

    public JsonNode json() {
      return JSON.readTree(http.body());
    }

    /** The envelope's response. */
    public JsonNode response() {
      return json().get("response");
    }
  }

  /** Waits until it has found out which tools run on which OTP; from then on it is quiet. */
  public TestServer afterItsSurvey() {
    if (!server.installations().all().isEmpty()) {
      Patience.await(() ->
          Optional.of(get("/health").text())
              .filter(
                  health -> health.contains("\"detail\":\"OTP ") && health.contains(": rebar3")));
    }
    return this;
  }

  /** Skips the test on a machine on which nothing can be built. */
  public TestServer whereItBuilds() {
    assumeTrue(!server.installations().all().isEmpty(), "there is no Erlang/OTP on this machine");
    assumeTrue(server.sandboxTrouble().isEmpty(), "there is no sandbox on this machine");
    return this;
  }

  public String log(String buildId) {
    return get("/build_log?build_id=" + buildId).text();
  }

  public Reply get(String path) {
    return send(HttpRequest.newBuilder(uri(path)).GET());
  }

  /** Posts a body as JSON. */
  public Reply post(String path, String body) {
    return send(
        HttpRequest.newBuilder(uri(path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  public Reply send(HttpRequest.Builder request) {
    try {
      return new Reply(client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray()));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  public URI uri(String path) {
    return URI.create(server.url().orElseThrow() + path);
  }

  @Override
  public void close() {
    server.close();
    client.close();
    database.close();
  }
}
