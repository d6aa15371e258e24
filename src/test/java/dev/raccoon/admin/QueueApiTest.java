package dev.raccoon.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.raccoon.access.Actor;
import dev.raccoon.access.Scope;
import dev.raccoon.access.Token;
import dev.raccoon.access.TokenStore;
import dev.raccoon.catalog.Scenario;
import dev.raccoon.testing.Patience;
import dev.raccoon.testing.TestServer;
import dev.raccoon.testing.TestServer.Reply;
import dev.raccoon.value.BuildId;
import dev.raccoon.value.Namespaces;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** An administrator's nodes and queue, through the whole server. */
class QueueApiTest {
  @TempDir Path folder;
  private TestServer server;
  private Scenario scenario;
  private String root;

  /** So that the worker leaves every build to the test. */
  @BeforeEach
  void start() throws IOException {
    server = TestServer.start(folder, Map.of("RACCOON_MIN_FREE_DISK", "900000GiB"));
    scenario = new Scenario(server.database());
    root = token(Namespaces.ALL);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void nodesAreListedAndDrained() {
    JsonNode node = ask("GET", "/api/nodes", "").response().get(0);
    assertThat(node.get("up").booleanValue()).isTrue();
    assertThat(node.get("draining").booleanValue()).isFalse();

    String path = "/api/nodes/" + node.get("id").stringValue();
    Reply drained = ask("PUT", path, "{\"draining\": true}");
    assertThat(drained.response().get("draining").booleanValue()).isTrue();
    assertThat(ask("PUT", path, "{\"draining\": false}").response().get("draining").booleanValue())
        .isFalse();
    assertThat(ask("PUT", "/api/nodes/" + UUID.randomUUID(), "{\"draining\": true}").status())
        .isEqualTo(404);
    assertThat(ask("PUT", "/api/nodes/x", "{\"draining\": true}").status()).isEqualTo(404);
    assertThat(ask("PUT", path, "{\"draining\": 1}").status()).isEqualTo(400);
    assertThat(ask("PUT", path, "{\"drain\": true}").status()).isEqualTo(400);
    assertThat(ask("GET", "/api/audit", "").text()).contains("node.drain", "node.resume");
  }

  @Test
  void theQueueIsListedInItsOrderPageByPage() {
    BuildId runs = scenario.queued("1.0.0");
    scenario.claim();
    List<String> order = new ArrayList<>(List.of(runs.toString()));
    for (int i = 1; i < 5; i++) {
      order.add(scenario.queued("1.0." + i).toString());
    }

    List<String> seen = new ArrayList<>();
    Optional<String> next = Optional.of("/api/queue?limit=2");
    while (next.isPresent()) {
      Reply page = ask("GET", next.get(), "");
      assertThat(page.response().get("running").intValue()).isEqualTo(1);
      assertThat(page.response().get("waiting").intValue()).isEqualTo(4);
      page.response().get("builds").forEach(row -> seen.add(row.get("build_id").stringValue()));
      next =
          page.http()
              .headers()
              .firstValue("Link")
              .map(link -> link.substring(1, link.indexOf('>')));
    }

    assertThat(seen).isEqualTo(order);
    assertThat(ask("GET", "/api/queue?after=x", "").status()).isEqualTo(400);
    JsonNode first = ask("GET", "/api/queue", "").response().get("builds").get(0);
    assertThat(first.get("state").stringValue()).isEqualTo("RUNNING");
    assertThat(first.get("full_name").stringValue()).isEqualTo("acme/demo");
    assertThat(first.get("erl_version").stringValue()).isEqualTo("25");
  }

  @Test
  void theQueueIsPausedAndResumed() {
    JsonNode paused = ask("PUT", "/api/queue", "{\"paused\": true}").response();
    assertThat(paused.get("paused").booleanValue()).isTrue();
    assertThat(paused.get("paused_by").stringValue()).startsWith("token ");
    assertThat(ask("GET", "/api/queue", "").response().get("paused").booleanValue()).isTrue();
    JsonNode resumed = ask("PUT", "/api/queue", "{\"paused\": false}").response();
    assertThat(resumed.get("paused").booleanValue()).isFalse();
    assertThat(ask("PUT", "/api/queue", "{\"paused\": \"yes\"}").status()).isEqualTo(400);
  }

  @Test
  void whatIsWantedInBulkComesIntoTheQueueByItselfAndIsCancelled() {
    assumeTrue(
        !server.server().installations().all().isEmpty(), "there is no Erlang/OTP on this machine");
    String otp = server.server().installations().all().getFirst().version().text();
    scenario.good(Scenario.DEMO, Scenario.tag("1.0.0", 1, "99.1"));
    String wanted = "{\"otp\": \"" + otp + "\", \"all\": true";

    JsonNode dry = ask("POST", "/api/rebuilds", wanted + ", \"dry_run\": true}").response();
    assertThat(dry.get("builds").intValue()).isEqualTo(1);
    assertThat(dry.get("first").get(0).get("ref").stringValue()).isEqualTo("1.0.0");
    Reply asked = ask("POST", "/api/rebuilds", wanted + "}");
    assertThat(asked.status()).isEqualTo(202);
    String path = "/api/rebuilds/" + asked.response().get("id").longValue();

    JsonNode queued =
        Patience.await(() ->
            Optional.of(ask("GET", path, "").response())
                .filter(row -> row.get("state").stringValue().equals("BUILDING")));
    assertThat(queued.get("waiting").intValue()).isEqualTo(1);
    JsonNode waiting = ask("GET", "/api/queue", "").response().get("builds").get(0);
    assertThat(waiting.get("origin").stringValue()).isEqualTo("BULK");

    JsonNode cancelled = ask("DELETE", path, "").response();
    assertThat(cancelled.get("state").stringValue()).isEqualTo("CANCELLED");
    assertThat(cancelled.get("cancelled").intValue()).isEqualTo(1);
    assertThat(ask("GET", "/api/rebuilds", "").response()).hasSize(1);
    assertThat(ask("GET", "/api/rebuilds/99", "").status()).isEqualTo(404);
    assertThat(ask("DELETE", "/api/rebuilds/99", "").status()).isEqualTo(404);
  }

  @Test
  void whatNoNodeCanBuildStaysOutOfTheQueueAndSaysSo() {
    scenario.good(Scenario.DEMO, Scenario.tag("1.0.0", 1, "99.1"));
    Reply asked = ask("POST", "/api/rebuilds", "{\"otp\": \"98\", \"all\": true}");
    assertThat(asked.response().get("waiting_for").stringValue())
        .startsWith("No node that is up has Erlang/OTP 98; ");
    for (String body :
        List.of(
            "{\"otp\": \"27\"}",
            "{\"otp\": 27, \"all\": true}",
            "{\"all\": true}",
            "{\"otp\": \"27\", \"all\": 1}",
            "{\"otp\": \"27\", \"all\": true, \"namespaces\": [\"acme\"]}",
            "{\"otp\": \"27\", \"namespaces\": \"acme\"}",
            "{\"otp\": \"27\", \"failed\": [\"SADLY\"]}",
            "{\"otp\": \"27\", \"everything\": true}")) {
      assertThat(ask("POST", "/api/rebuilds", body).status()).as(body).isEqualTo(400);
    }
  }

  @Test
  void allOfItIsForAdministratorsOfEverything() {
    root = token(Namespaces.of(List.of("acme")));
    for (String path : List.of("/api/nodes", "/api/queue", "/api/rebuilds")) {
      assertThat(ask("GET", path, "").status()).isEqualTo(403);
      assertThat(server.get(path).status()).isEqualTo(401);
    }
    assertThat(ask("PUT", "/api/queue", "{\"paused\": true}").status()).isEqualTo(403);
    assertThat(ask("PUT", "/api/nodes/" + UUID.randomUUID(), "{\"draining\": true}").status())
        .isEqualTo(403);
  }

  private String token(Namespaces namespaces) {
    return new TokenStore(server.database().database().jdbi(), Clock.systemUTC())
        .create(
            new Token.Terms("test", Scope.ADMINISTER, namespaces, Optional.empty()),
            Actor.commandLine("test"))
        .secret()
        .reveal();
  }

  private Reply ask(String method, String path, String body) {
    return server.send(
        HttpRequest.newBuilder(server.uri(path))
            .header("Authorization", "Bearer " + root)
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body)));
  }
}
