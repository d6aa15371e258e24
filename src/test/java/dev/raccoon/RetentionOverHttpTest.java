package dev.raccoon;

import static dev.raccoon.CommandLine.raccoon;
import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.CommandLine.Ended;
import dev.raccoon.testing.Patience;
import dev.raccoon.testing.TestServer;
import dev.raccoon.testing.TestServer.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What users and the operator see of a build that no rule keeps. */
class RetentionOverHttpTest {
  @TempDir static Path folder;

  @Test
  void aRemovedPackageIsGoneWithASentenceAndComesBackByRebuild() throws Exception {
    try (TestServer server = TestServer.start(folder)) {
      server.whereItBuilds();
      String old =
          server.build("demo", "[{\"ref\": \"1.0.0\"}]").getFirst().get("build_id").stringValue();
      Reply asked = server.post("/rebuild", "{\"build_id\": \"" + old + "\"}");
      String young = asked.response().get("builds").get(0).get("build_id").stringValue();
      server.ended(young);
      makeOld(server, old);

      Ended none = raccoon(server.settings(), "retention");
      assertThat(none.out()).startsWith("0 builds are kept by no rule.");
      assertThat(none.errors()).contains("No rule is set, and everything is kept for ever");
      Map<String, String> rules = new HashMap<>(server.settings());
      rules.put("RACCOON_KEEP_DAYS", "30");
      Ended dry = raccoon(rules, "retention");
      assertThat(dry.out()).contains("build id", old, "acme/demo", "1 build is kept by no rule.");
      assertThat(dry.out()).doesNotContain(young);
      assertThat(server.get("/download/" + old).status()).isEqualTo(200);

      long before = files(server);
      Ended applied = raccoon(rules, "retention", "--apply", "--json");
      assertThat(applied.errors()).isEmpty();
      assertThat(applied.status()).isZero();
      // Both builds have the same package; each has a log of its own.
      assertThat(applied.out())
          .startsWith("{\"build_id\":\"" + old)
          .contains("\"removed\":1,\"shared\":1,\"waiting\":0}");
      assertThat(files(server)).isEqualTo(before - 1);
      assertThat(raccoon(rules, "audit").out()).contains("retention.apply");

      for (String path : List.of("/download/" + old, "/build_log?build_id=" + old)) {
        Reply gone = server.get(path);
        assertThat(gone.status()).isEqualTo(410);
        assertThat(gone.text()).contains("was removed by this server's rules", "/rebuild");
      }
      JsonNode record = server.get("/builds/" + old).response();
      assertThat(record.get("state").stringValue()).isEqualTo("SUCCEEDED");
      assertThat(record.get("removed_date").isNull()).isFalse();
      assertThat(record.get("message").stringValue()).contains("was removed");
      assertThat(server.get("/download/" + young).status()).isEqualTo(200);
      JsonNode again = server.build("demo", "[{\"ref\": \"1.0.0\"}]").getFirst();
      assertThat(again.get("message").stringValue())
          .isEqualTo("Built already, by build " + young + ".");
      assertThat(raccoon(rules, "store", "verify").status()).isZero();
    }
  }

  @Test
  void aServerWithARuleRemovesByItself() throws Exception {
    Path own = folder.resolve("daily");
    try (TestServer server = TestServer.start(own, Map.of("RACCOON_KEEP_BUILDS", "1"))) {
      String failed = server.ended("demo", "[{\"ref\": \"0.0.9\"}]").get("build_id").stringValue();
      String newer = server.ended("demo", "[{\"ref\": \"0.0.9\"}]").get("build_id").stringValue();
      server
          .database()
          .database()
          .jdbi()
          .useHandle(handle -> handle.execute("update retention_turn set due_at = now()"));
      var _ =
          Patience.await(() ->
              Optional.of(server.get("/build_log?build_id=" + failed))
                  .filter(reply -> reply.status() == 410));
      assertThat(server.get("/build_log?build_id=" + newer).status()).isEqualTo(200);
    }
  }

  private static void makeOld(TestServer server, String build) throws IOException {
    UUID id = UUID.fromString(build);
    server
        .database()
        .database()
        .jdbi()
        .useHandle(handle -> {
          handle.execute(
              "update build set finished_at = finished_at - interval '1 year' where id = ?", id);
          handle.execute(
              """
              update request set created_at = created_at - interval '1 year'
              where id in (select request_id from request_build where build_id = ?)
              """,
              id);
        });
    try (Stream<Path> all = Files.walk(artifacts(server))) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofDays(365))));
      }
    }
  }

  private static long files(TestServer server) throws IOException {
    try (Stream<Path> all = Files.walk(artifacts(server))) {
      return all.filter(Files::isRegularFile).count();
    }
  }

  private static Path artifacts(TestServer server) {
    return server.data().resolve("artifacts").resolve("sha256");
  }
}
