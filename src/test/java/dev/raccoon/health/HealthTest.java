package dev.raccoon.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.db.PostgresTap;
import dev.raccoon.db.TestDatabase;
import dev.raccoon.testing.Patience;
import dev.raccoon.testing.TestServer;
import dev.raccoon.testing.TestServer.Reply;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class HealthTest {
  @TempDir Path folder;

  @Test
  void everyPartIsNamed() throws IOException {
    try (TestServer server = TestServer.start(folder)) {
      Reply reply = server.get("/health");
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.response().propertyNames())
          .containsExactly(
              "status",
              "database",
              "artifact_store",
              "disk_space",
              "worker",
              "sandbox",
              "work_folder",
              "otp_installations",
              "build_tools",
              "c_compiler");
      for (String part : new String[] {"database", "artifact_store", "disk_space", "worker"}) {
        assertThat(status(reply, part)).isEqualTo("UP");
      }
    }
  }

  @Test
  void withoutWhatBuildsNeedItIsDegradedAndServesOn() throws IOException {
    Map<String, String> nothing = Map.of("PATH", "/nowhere", "RACCOON_MIN_FREE_DISK", "900000GiB");
    try (TestServer server = TestServer.start(folder, nothing)) {
      Reply reply = server.get("/health");
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.response().get("status").stringValue()).isEqualTo("DEGRADED");
      assertThat(status(reply, "build_tools")).isEqualTo("DOWN");
      assertThat(status(reply, "disk_space")).isEqualTo("DOWN");
      assertThat(reply.response().get("disk_space").get("detail").stringValue())
          .contains("builds wait");
      assertThat(server.get("/search").status()).isEqualTo(200);
    }
  }

  @Test
  void withoutItsDatabaseItIsDownAndSaysSo() throws Exception {
    try (TestDatabase database = TestDatabase.fresh();
        PostgresTap tap = new PostgresTap(database.address());
        TestServer server = TestServer.start(folder, Map.of("RACCOON_DATABASE_URL", tap.url()))) {
      tap.cut();
      Reply down =
          Patience.await(
              () -> Optional.of(server.get("/health")).filter(reply -> reply.status() == 503));
      assertThat(down.json().get("result").booleanValue()).isFalse();
      assertThat(down.response().stringValue()).contains("database does not answer");
      Reply failed = server.get("/last_builds");
      assertThat(failed.status()).isEqualTo(503);
      assertThat(failed.http().headers().firstValue("Retry-After")).contains("5");
      assertThat(failed.text()).contains("The database does not answer just now");
      assertThat(failed.text()).doesNotContain("Exception", "127.0.0.1", "select");
      JsonNode figures = server.get("/metrics?format=json").json();
      assertThat(figures.has("gauge.queue.waiting")).isFalse();
      assertThat(figures.get("counter.package.load.all").intValue()).isZero();
      assertThat(server.get("/metrics").status()).isEqualTo(200);
    }
  }

  private static String status(Reply reply, String part) {
    return reply.response().get(part).get("status").stringValue();
  }
}
