package dev.raccoon.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.raccoon.testing.GitRepository;
import dev.raccoon.testing.Patience;
import dev.raccoon.testing.Program;
import dev.raccoon.testing.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The program as an operator runs it, with small limits, with secrets where attacks look for them,
 * and somebody who listens where they want to connect.
 */
final class HostileServer implements AutoCloseable {
  static final int LOG_BYTES = 256 << 10;

  private static final int MEMORY_MIB = 384;
  private static final int DISK_MIB = 64;
  private static final int FILES = 5000;
  private static final int PROCESSES = 200;
  private static final int OPEN_FILES = 512;
  private static final JsonMapper JSON = new JsonMapper();

  private final Path folder;
  private final Listeners listeners = new Listeners();
  private final Secrets secrets = Secrets.made();
  private final HttpClient client = HttpClient.newHttpClient();
  private final ServerProcess process;
  private final String administrator;

  /** Starts one whose files all lie in {@code folder}. */
  HostileServer(Path folder) throws IOException, InterruptedException {
    this.folder = folder;
    Files.createDirectory(folder.resolve("outside"));
    Files.createDirectory(folder.resolve("repositories"));
    this.process = ServerProcess.start(folder, settings());
    this.administrator = administrator();
    Files.writeString(data().resolve("secret"), secrets.ofDataDirectory() + "\n");
  }

  /** A token of somebody who administers it. */
  private String administrator() throws IOException, InterruptedException {
    return Program.raccoon(data(), "token", "create", "--scope=administer", "--all-namespaces")
        .output()
        .strip();
  }

  private Map<String, String> settings() {
    return Map.ofEntries(
        Map.entry("RACCOON_GIT_REWRITES", "https://git.example.org/=" + repositories() + "/"),
        Map.entry("RACCOON_BUILD_SLOTS", "8"),
        Map.entry("RACCOON_RATE_BUILDS", "off"),
        // Long, for machines under load: attacks that wait for them have shorter ones of their own.
        Map.entry("RACCOON_BUILD_TIMEOUT", "55s"),
        Map.entry("RACCOON_BUILD_SILENCE", "50s"),
        Map.entry("RACCOON_BUILD_MEMORY", MEMORY_MIB + "MiB"),
        Map.entry("RACCOON_BUILD_DISK", DISK_MIB + "MiB"),
        Map.entry("RACCOON_BUILD_FILES", "" + FILES),
        Map.entry("RACCOON_BUILD_PROCESSES", "" + PROCESSES),
        Map.entry("RACCOON_BUILD_OPEN_FILES", "" + OPEN_FILES),
        Map.entry("RACCOON_BUILD_LOG", "" + LOG_BYTES),
        Map.entry("RACCOON_BUILD_ARTIFACT", "8MiB"),
        Map.entry("RACCOON_CGROUP", System.getProperty("test.cgroup", "raccoon")),
        Map.entry("EMAIL_PASSWORD", secrets.ofEnvironment()));
  }

  /** What an attacker may have found out of this machine, as lines that a shell reads. */
  String target() throws IOException {
    Map<String, Object> known =
        Map.ofEntries(
            Map.entry("SERVER_PID", process.handle().pid()),
            Map.entry("SERVER_PORT", URI.create(process.url()).getPort()),
            Map.entry("DATABASE_PORT", databasePort()),
            Map.entry("DATA", data()),
            Map.entry("SECRET_FILE", data().resolve("secret")),
            Map.entry("REPOSITORIES", repositories()),
            Map.entry("OUTSIDE", outside()),
            Map.entry("HOST_ADDRESS", Listeners.hostAddress()),
            Map.entry("HOST_NAME", Files.readString(Path.of("/proc/sys/kernel/hostname")).strip()),
            Map.entry("LISTENER", listeners.port()),
            Map.entry("ABSTRACT", listeners.abstractName()),
            Map.entry("MEMORY_MIB", MEMORY_MIB),
            Map.entry("DISK_MIB", DISK_MIB),
            Map.entry("FILES", FILES),
            Map.entry("PROCESSES", PROCESSES),
            Map.entry("OPEN_FILES", OPEN_FILES));
    StringBuilder lines = new StringBuilder();
    known.forEach((name, value) -> lines.append(name).append('=').append(value).append('\n'));
    return lines.toString();
  }

  /** The fourth line of PostgreSQL's own file. */
  private int databasePort() throws IOException {
    try (Stream<Path> files = Files.walk(data().resolve("postgres"), 3)) {
      Path file = files.filter(path -> path.endsWith("postmaster.pid")).findFirst().orElseThrow();
      return Integer.parseInt(Files.readAllLines(file).get(3).strip());
    }
  }

  Path data() {
    return folder.resolve("data");
  }

  /** A folder of the server's user, in which nobody writes. */
  Path outside() {
    return folder.resolve("outside");
  }

  private Path repositories() {
    return folder.resolve("repositories");
  }

  /** Whether the kernel holds its builds to their limits, by control groups. */
  boolean hasControlGroups() {
    return !process.output().contains("no cgroup");
  }

  Secrets secrets() {
    return secrets;
  }

  Listeners listeners() {
    return listeners;
  }

  /** What its builds leave behind from now on. */
  Leftovers leftovers() {
    return new Leftovers(folder, process.handle());
  }

  /** Commits {@code tree} as version 1.0.0 of the package {@code acme/NAME}. */
  void publish(String name, Path tree) throws IOException {
    GitRepository repository = GitRepository.create(repositories().resolve(name + ".git"));
    repository.commit(tree, "The only version");
    repository.tag("1.0.0", "main");
  }

  /** Gives {@code acme/NAME} limits of its own, as the JSON of {@code /api/limits}. */
  void limit(String name, String limits) {
    HttpResponse<byte[]> answer =
        send(
            HttpRequest.newBuilder(URI.create(process.url() + "/api/limits/acme/" + name))
                .header("Authorization", "Bearer " + administrator)
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(limits)));
    if (answer.statusCode() != 200) {
      throw new AssertionError("limits of " + name + ": " + new String(answer.body(), UTF_8));
    }
  }

  /** Asks for a build of {@code acme/NAME}. Answers its id. */
  String request(String name) {
    return post(
        "/buildAsync",
        """
        {"full_name": "acme/%s", "clone_url": "https://git.example.org/%s.git",
         "versions": {"ref": "1.0.0"}}
        """
            .formatted(name, name));
  }

  /** Asks for the same again. Answers the new build's id. */
  String again(String id) {
    return post("/rebuild", "{\"build_id\": \"" + id + "\"}");
  }

  private String post(String path, String body) {
    HttpResponse<byte[]> answer =
        send(
            HttpRequest.newBuilder(URI.create(process.url() + path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    if (answer.statusCode() != 200) {
      throw new AssertionError(path + ": " + new String(answer.body(), UTF_8));
    }
    JsonNode response = JSON.readTree(answer.body()).get("response");
    return response.get("builds").get(0).get("build_id").stringValue();
  }

  /** The build as it is now. */
  JsonNode build(String id) {
    return JSON.readTree(get("/builds/" + id).body()).get("response");
  }

  /** The build, if it has ended. */
  Optional<JsonNode> ended(String id) {
    JsonNode build = build(id);
    String state = build.get("state").stringValue();
    boolean live = state.equals("QUEUED") || state.equals("RUNNING");
    return live ? Optional.empty() : Optional.of(build);
  }

  /** The build's whole log. */
  String log(String id) {
    return new String(get("/build_log?build_id=" + id).body(), UTF_8);
  }

  /** Waits for the build's end. */
  JsonNode awaitEnd(String id) {
    return Patience.await(() -> ended(id));
  }

  HttpResponse<byte[]> get(String path) {
    return send(HttpRequest.newBuilder(URI.create(process.url() + path)));
  }

  private HttpResponse<byte[]> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(process.output(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws IOException {
    process.close();
    client.close();
    listeners.close();
  }
}
