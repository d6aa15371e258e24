package dev.raccoon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.source.ExampleRepository;
import dev.raccoon.testing.Patience;
import dev.raccoon.testing.ServerProcess;
import dev.raccoon.testing.TestServer;
import dev.raccoon.testing.TestServer.Reply;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A node that cannot build, though all that was built is served. */
class BrokenNodeTest {
  private static final String ASKED = "[{\"ref\": \"1.0.0\"}]";

  @TempDir Path folder;

  @Test
  void withoutAFolderToWorkInItTakesNothingAndSaysSoUntilItHasOneAgain() throws Exception {
    try (TestServer server = TestServer.start(folder)) {
      server.whereItBuilds();
      Path work = server.data().resolve("work/builds");
      assertThat(server.get("/metrics?format=json").json().get("gauge.nodes.up").intValue())
          .isEqualTo(1);
      Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("r-x------"));
      String id;
      try {
        id = ask(server);
        assertThat(waitingFor(server, id)).contains("No node that is up takes builds.");
        assertThat(server.get("/metrics?format=json").json().get("gauge.nodes.up").intValue())
            .isZero();
        Patience.await(() -> Optional.of(server.get("/health")).filter(BrokenNodeTest::saysSo));
        assertThat(server.get("/search").status()).isEqualTo(200);
      } finally {
        Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rwx------"));
      }
      JsonNode build = server.ended(id);
      assertThat(build.get("state").stringValue()).isEqualTo("SUCCEEDED");
      assertThat(build.get("attempt").intValue()).as("it was never begun there").isEqualTo(1);
    }
  }

  private static boolean saysSo(Reply health) {
    return health.response().get("status").stringValue().equals("DEGRADED")
        && health.text().contains("\"work_folder\":{\"status\":\"DOWN\"");
  }

  @Test
  void withoutASandboxItTakesNothingEither() throws Exception {
    Path refusing =
        Files.writeString(
            Files.createDirectory(folder.resolve("bin")).resolve("bwrap"), "#!/bin/sh\nexit 1\n");
    Files.setPosixFilePermissions(refusing, PosixFilePermissions.fromString("rwxr-xr-x"));
    String path = refusing.getParent() + ":" + System.getenv("PATH");
    try (ServerProcess server = ServerProcess.start(folder, Map.of("PATH", path))) {
      assertThat(server.output()).contains("Nothing can be built here");
      JsonNode asked =
          server.post(
              "/buildAsync",
              "{\"full_name\": \"raccoon/hello\", \"clone_url\": \""
                  + ExampleRepository.URL
                  + "\"}");
      JsonNode queue = asked.get("response").get("builds").get(0).get("queue");
      assertThat(queue.get("waiting_for").stringValue())
          .isEqualTo("No node that is up takes builds.");
      JsonNode health = server.get("/health").get("response");
      assertThat(health.get("status").stringValue()).isEqualTo("DEGRADED");
      assertThat(health.get("sandbox").get("status").stringValue()).isEqualTo("DOWN");
      assertThat(server.get("/metrics?format=json").get("gauge.nodes.up").intValue()).isZero();
    }
  }

  private static String ask(TestServer server) throws Exception {
    Reply asked = server.post("/buildAsync", server.request("demo", ASKED));
    return asked.response().get("builds").get(0).get("build_id").stringValue();
  }

  private static Optional<String> waitingFor(TestServer server, String id) {
    JsonNode queue = server.get("/builds/" + id).response().get("queue");
    return Optional.of(queue.get("waiting_for"))
        .filter(JsonNode::isString)
        .map(JsonNode::stringValue);
  }
}
