package dev.raccoon.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.raccoon.testing.FixtureRepositories;
import dev.raccoon.testing.Patience;
import dev.raccoon.testing.S3Server;
import dev.raccoon.testing.ServerProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Real file systems without a free byte: a server's own, with its database, and its store's. */
class FullDisksTest {
  private static final int MEBIBYTES = 640;
  private static final int MANY = 3000;

  @TempDir Path folder;
  private final HttpClient client = HttpClient.newHttpClient();
  private final Map<String, String> settings = new HashMap<>();

  @BeforeEach
  void prepare() throws IOException {
    assumeTrue(!System.getProperty("user.name").equals("root"), "PostgreSQL refuses root");
    FixtureRepositories repositories =
        new FixtureRepositories(Files.createDirectory(folder.resolve("repositories")));
    repositories.make("demo");
    settings.put("RACCOON_GIT_REWRITES", "https://git.example.org/=" + repositories.folder() + "/");
    settings.put("RACCOON_RATE_BUILDS", "off");
    settings.put("RACCOON_MIN_FREE_DISK", "64MiB");
    settings.put("RACCOON_DATA_DIR", folder.resolve("small/data").toString());
  }

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void aFullDataDiskWithItsDatabaseIsASentenceReadsGoOnAndItHeals() throws Exception {
    try (SmallDisk disk = new SmallDisk(folder.resolve("small"), MEBIBYTES);
        ServerProcess server = ServerProcess.start(disk.inside(), folder, settings, "serve")) {
      String built = ended(server, ask(server, "1.0.0").orElseThrow(), "SUCCEEDED");
      byte[] whole = download(server, built).body();

      disk.fill();
      List<String> accepted = new ArrayList<>();
      String refusal = askUntilRefused(server, accepted);
      assertThat(refusal).contains("The server's disk is full: try again later.");
      assertThat(download(server, built).body()).isEqualTo(whole);
      assertThat(get(server, "/search").statusCode()).isEqualTo(200);
      assertThat(get(server, "/builds/" + built).statusCode()).isEqualTo(200);
      assertThat(get(server, "/build_log?build_id=" + built).statusCode()).isEqualTo(200);
      HttpResponse<String> health = get(server, "/health");
      assertThat(health.statusCode()).isEqualTo(503);
      assertThat(health.body()).contains("artifact_store cannot be written.");
      for (String id : accepted) {
        assertThat(waitingFor(server, id)).contains("MiB free: builds wait until it is 64 MiB");
      }

      disk.free();
      Patience.await(
          () -> Optional.of(get(server, "/health")).filter(healed -> healed.statusCode() == 200));
      String next = Patience.await(() -> ask(server, "1.0.1"));
      ended(server, next, "SUCCEEDED");
      for (String id : accepted) {
        ended(server, id, "FAILED");
      }
      assertNoStacks(server);
    }
  }

  @Test
  void aFullObjectStoreIsASentenceReadsGoOnAndItHeals() throws Exception {
    try (StoreProcess store = new StoreProcess(folder.resolve("store"))) {
      settings.putAll(S3Server.CREDENTIALS);
      settings.put("RACCOON_DATA_DIR", folder.resolve("data").toString());
      settings.put("RACCOON_ARTIFACTS", "s3://" + S3Server.BUCKET + "/full");
      settings.put("RACCOON_S3_ENDPOINT", "http://127.0.0.1:" + store.port());
      settings.put("RACCOON_CACHE_SIZE", "0");
      try (ServerProcess server = ServerProcess.start(folder, settings)) {
        String built = ended(server, ask(server, "1.0.0").orElseThrow(), "SUCCEEDED");
        byte[] whole = download(server, built).body();

        store.disk().fill();
        String waiting = ask(server, "1.0.1").orElseThrow();
        JsonNode again =
            Patience.await(
                () -> Optional.of(build(server, waiting)).filter(FullDisksTest::goesOnLater));
        assertThat(again.get("message").stringValue())
            .isEqualTo("Our fault: The artifact store did not work. Trying again in 10 s.");
        assertThat(download(server, built).body()).isEqualTo(whole);
        HttpResponse<String> health = get(server, "/health");
        assertThat(health.statusCode()).isEqualTo(503);
        assertThat(health.body()).contains("artifact_store cannot be written.");

        store.disk().free();
        ended(server, waiting, "SUCCEEDED");
        assertThat(get(server, "/health").statusCode()).isEqualTo(200);
        assertNoStacks(server);
      }
    }
  }

  private static boolean goesOnLater(JsonNode build) {
    return build.get("state").stringValue().equals("QUEUED")
        && build.get("attempt").intValue() == 1;
  }

  private static void assertNoStacks(ServerProcess server) {
    assertThat(server.output().lines().filter(line -> line.startsWith("\tat "))).isEmpty();
  }

  /** What is refused is refused with a sentence; answers the first of them. */
  private String askUntilRefused(ServerProcess server, List<String> accepted) throws Exception {
    for (int i = 0; i < MANY; i++) {
      HttpResponse<String> answer = post(server, "absent-" + i + "-" + "x".repeat(80));
      if (answer.statusCode() != 200) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
        return answer.body();
      }
      accepted.add(firstBuild(answer));
    }
    throw new AssertionError(MANY + " requests found room on a full disk");
  }

  private Optional<String> ask(ServerProcess server, String ref) {
    HttpResponse<String> answer = post(server, ref);
    return answer.statusCode() == 200 ? Optional.of(firstBuild(answer)) : Optional.empty();
  }

  private HttpResponse<String> post(ServerProcess server, String ref) {
    String body =
        """
        {"full_name": "acme/demo", "clone_url": "https://git.example.org/demo.git", "versions": [{"ref": "%s"}]}
        """
            .formatted(ref);
    return send(
        HttpRequest.newBuilder(URI.create(server.url() + "/buildAsync"))
            .POST(HttpRequest.BodyPublishers.ofString(body)),
        BodyHandlers.ofString());
  }

  private static String firstBuild(HttpResponse<String> answer) {
    JsonNode response = new JsonMapper().readTree(answer.body()).get("response");
    return response.get("builds").get(0).get("build_id").stringValue();
  }

  private String ended(ServerProcess server, String id, String state) {
    JsonNode build =
        Patience.await(
            () -> Optional.of(build(server, id)).filter(row -> row.get("build_date").isString()));
    assertThat(build.get("state").stringValue()).as(build.toString()).isEqualTo(state);
    return id;
  }

  private JsonNode build(ServerProcess server, String id) {
    return new JsonMapper().readTree(get(server, "/builds/" + id).body()).get("response");
  }

  private String waitingFor(ServerProcess server, String id) {
    return build(server, id).get("queue").get("waiting_for").asString("");
  }

  private HttpResponse<byte[]> download(ServerProcess server, String id) {
    HttpResponse<byte[]> answer =
        send(
            HttpRequest.newBuilder(URI.create(server.url() + "/download/" + id)),
            BodyHandlers.ofByteArray());
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer;
  }

  private HttpResponse<String> get(ServerProcess server, String path) {
    return send(HttpRequest.newBuilder(URI.create(server.url() + path)), BodyHandlers.ofString());
  }

  private <T> HttpResponse<T> send(
      HttpRequest.Builder request, HttpResponse.BodyHandler<T> handler) {
    try {
      return client.send(request.build(), handler);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
