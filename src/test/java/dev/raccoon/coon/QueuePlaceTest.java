package dev.raccoon.coon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.access.Actor;
import dev.raccoon.catalog.Scenario;
import dev.raccoon.queue.QueueControlStore;
import dev.raccoon.testing.Patience;
import dev.raccoon.testing.TestServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What a build that waits says of its wait, through the whole server. */
class QueuePlaceTest {
  @TempDir Path folder;
  private TestServer server;

  /** So that the worker leaves every build where it is. */
  @BeforeEach
  void start() throws IOException {
    server = TestServer.start(folder, Map.of("RACCOON_MIN_FREE_DISK", "900000GiB"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void whoAsksSeesWhereTheBuildsWaitAndSoDoesWhoLooksLater() {
    JsonNode builds = ask("[{\"ref\": \"1.0.0\"}, {\"ref\": \"1.0.1\"}]");
    assertThat(builds.get(0).get("queue").get("place").intValue()).isEqualTo(1);
    assertThat(builds.get(1).get("queue").get("place").intValue()).isEqualTo(2);

    String id = builds.get(1).get("build_id").stringValue();
    JsonNode queue = server.get("/builds/" + id).response().get("queue");
    assertThat(queue.propertyNames())
        .containsExactly("place", "begins_in_seconds", "usual_seconds", "paused", "waiting_for");
    assertThat(queue.get("place").intValue()).isEqualTo(2);
    assertThat(queue.get("paused").booleanValue()).isFalse();
    assertThat(queue.get("waiting_for").stringValue())
        .matches("The disk of the node that builds has [0-9]+ MiB free: builds wait .*");

    server.post("/cancel", "{\"build_id\": \"" + id + "\"}");
    assertThat(server.get("/builds/" + id).response().get("queue").isNull()).isTrue();
    assertThat(server.get("/last_builds").response().get(0).has("queue")).isFalse();
  }

  @Test
  void whatNoNodeCanRunAndWhatIsPausedSaySo() {
    Scenario scenario = new Scenario(server.database());
    scenario.sql(
        """
        insert into node (id, name, processor, program, slots, otp, seen_at)
        values (?, 'gone', 'x86_64', 'test', 2, '{99.1}', now() - interval '20 s')
        """,
        UUID.randomUUID());
    String id =
        ask("[{\"ref\": \"1.0.0\", \"erl_version\": \"99.1\"}]")
            .get(0)
            .get("build_id")
            .stringValue();

    JsonNode build = server.get("/builds/" + id).response();
    String why = build.get("queue").get("waiting_for").stringValue();
    assertThat(why).startsWith("No node that is up has Erlang/OTP 99.1; there ");
    assertThat(build.get("message").stringValue()).isEqualTo(why);
    assertThat(build.get("queue").get("begins_in_seconds").isNull()).isTrue();

    new QueueControlStore(scenario.jdbi).pause(true, Actor.commandLine("test"));
    JsonNode paused =
        Patience.await(() ->
            Optional.of(server.get("/builds/" + id).response().get("queue"))
                .filter(queue -> queue.get("paused").booleanValue()));
    assertThat(paused.get("waiting_for").stringValue()).startsWith("The queue is paused");
  }

  private JsonNode ask(String versions) {
    try {
      return server.post("/buildAsync", server.request("demo", versions)).response().get("builds");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
