package dev.raccoon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.raccoon.config.Settings;
import dev.raccoon.testing.Patience;
import dev.raccoon.testing.TestServer;
import dev.raccoon.testing.TestServer.Reply;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Real builds that are cancelled, at the node that runs them and at another one. */
class CancelRunningBuildTest {
  private static final Duration AT_ONCE = Duration.ofSeconds(2);

  /** In no other test's process. */
  private static final String SLEEPER = "sleep 45";

  @TempDir static Path folder;
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.start(folder.resolve("one"), Map.of("RACCOON_BUILD_SLOTS", "1"));
    assumeTrue(
        !server.server().installations().all().isEmpty(), "there is no Erlang/OTP on this machine");
    assumeTrue(server.server().sandboxTrouble().isEmpty(), "there is no sandbox on this machine");
    server.afterItsSurvey();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void itsSandboxEndsWithinTwoSecondsAndItsRecordAndLogSayByWhom() throws Exception {
    String id = running();
    Instant asked = Instant.now();

    Reply reply = server.post("/cancel", "{\"build_id\": \"" + id + "\"}");

    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    assertStopped(id, asked);
    assertThat(server.post("/cancel", "{\"build_id\": \"" + id + "\"}").status())
        .as("once more")
        .isEqualTo(200);
  }

  @Test
  void anotherNodeOnTheSameDatabaseCancelsItAsWell() throws Exception {
    Map<String, String> settings = new HashMap<>(server.settings());
    settings.put("RACCOON_DATA_DIR", folder.resolve("two").toString());
    settings.put("RACCOON_ARTIFACTS", "file:" + server.data().resolve("artifacts"));
    try (Server other = Server.start(Settings.of(settings), Role.ANSWER)) {
      String id = running();
      Instant asked = Instant.now();

      Reply reply =
          server.send(
              HttpRequest.newBuilder(URI.create(other.url().orElseThrow() + "/cancel"))
                  .header("Content-Type", "application/x-www-form-urlencoded")
                  .POST(HttpRequest.BodyPublishers.ofString("build_id=" + id)));

      assertThat(reply.status()).as(reply.text()).isEqualTo(200);
      assertStopped(id, asked);
    }
  }

  private static void assertStopped(String id, Instant asked) throws Exception {
    Patience.await(() -> Optional.of(sleepers()).filter(List::isEmpty));
    assertThat(Duration.between(asked, Instant.now())).isLessThan(AT_ONCE);
    JsonNode build = server.ended(id);
    assertThat(Duration.between(asked, Instant.now())).isLessThan(AT_ONCE);
    assertThat(build.get("state").stringValue()).isEqualTo("CANCELLED");
    assertThat(build.get("failure").isNull()).isTrue();
    assertThat(build.get("message").stringValue())
        .matches("Cancelled by somebody without a token after .*\\.");
    assertThat(server.log(id))
        .contains("is commit ")
        .endsWith("==> " + build.get("message").stringValue() + "\n");
  }

  @Test
  void whatWaitsBehindItBeginsThen() throws Exception {
    String first = running();
    Reply asked = server.post("/buildAsync", server.request("demo", "[{\"ref\": \"1.0.0\"}]"));
    String request = asked.response().get("request_id").stringValue();
    String second = asked.response().get("builds").get(0).get("build_id").stringValue();

    server.post("/cancel", "{\"build_id\": \"" + first + "\"}");

    assertThat(server.ended(second).get("state").stringValue()).isEqualTo("SUCCEEDED");
    Reply late = server.post("/cancel", "{\"build_id\": \"" + second + "\"}");
    assertThat(late.status()).isEqualTo(409);
    assertThat(late.response().stringValue())
        .isEqualTo("Build " + second + " cannot be cancelled: it has SUCCEEDED already.");
    Reply nothing = server.post("/cancel", "{\"request_id\": \"" + request + "\"}");
    assertThat(nothing.response().get("message").stringValue())
        .isEqualTo("All builds of this request had ended before.");
  }

  @Test
  void aRequestIsCancelledWholeWhetherItsBuildsRunOrWait() throws Exception {
    Reply asked =
        server.post(
            "/buildAsync",
            server.request("silent", "[{\"ref\": \"silent-45s\"}, {\"ref\": \"silent-2s\"}]"));
    JsonNode builds = asked.response().get("builds");
    compiles(builds.get(0).get("build_id").stringValue());
    String request = asked.response().get("request_id").stringValue();

    Reply reply = server.post("/cancel", "{\"request_id\": \"" + request + "\"}");

    assertThat(reply.response().get("message").stringValue()).isEqualTo("2 builds are cancelled.");
    assertThat(reply.response().get("builds")).hasSize(2);
    for (JsonNode build : builds) {
      String id = build.get("build_id").stringValue();
      assertThat(server.ended(id).get("state").stringValue()).isEqualTo("CANCELLED");
    }
    assertThat(server.log(builds.get(1).get("build_id").stringValue()))
        .isEqualTo("==> Cancelled by somebody without a token before it began.\n");
  }

  @Test
  void whatIsNotThereOrNotNamedIsASentence() {
    String unknown = "0198c0de-7e57-7000-8000-000000000001";
    assertThat(server.post("/cancel", "{\"build_id\": \"" + unknown + "\"}").status())
        .isEqualTo(404);
    assertThat(server.post("/cancel", "{\"request_id\": \"" + unknown + "\"}").status())
        .isEqualTo(404);
    for (String body :
        List.of(
            "{}",
            "{\"build_id\": 7}",
            "{\"build_id\": \"x\"}",
            "{\"request_id\": \"x\"}",
            "{\"build_id\": \"" + unknown + "\", \"request_id\": \"" + unknown + "\"}")) {
      Reply reply = server.post("/cancel", body);
      assertThat(reply.status()).as(body).isEqualTo(400);
      assertThat(reply.response().stringValue()).as(body).endsWith(".");
    }
  }

  private static String running() throws Exception {
    Reply asked =
        server.post("/buildAsync", server.request("silent", "[{\"ref\": \"silent-45s\"}]"));
    return compiles(asked.response().get("builds").get(0).get("build_id").stringValue());
  }

  private static String compiles(String id) {
    Patience.await(() -> Optional.of(sleepers()).filter(found -> !found.isEmpty()));
    assertThat(server.get("/builds/" + id).response().get("stage").stringValue())
        .isEqualTo("compile");
    return id;
  }

  private static List<Long> sleepers() {
    return ProcessHandle.allProcesses()
        .filter(process -> process.info().commandLine().orElse("").endsWith(SLEEPER))
        .map(ProcessHandle::pid)
        .toList();
  }
}
