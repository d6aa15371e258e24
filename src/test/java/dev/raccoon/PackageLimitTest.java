package dev.raccoon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.access.Actor;
import dev.raccoon.access.Scope;
import dev.raccoon.access.Token;
import dev.raccoon.access.TokenStore;
import dev.raccoon.testing.TestServer;
import dev.raccoon.value.Namespaces;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Limits that an administrator gives one package, over HTTP, hold for its next build. */
class PackageLimitTest {
  private static final String LIMITS = "/api/limits/ACME/demo";

  @TempDir Path folder;

  @Test
  void aPackagesOwnLimitHoldsForItsNextBuildUntilItIsTakenBack() throws Exception {
    try (TestServer server = TestServer.start(folder)) {
      String token = administrator(server);
      send(server, token, "PUT", "{\"artifact\": \"100B\"}");
      JsonNode stopped = server.ended("demo", "null");
      assertThat(stopped.get("failure").stringValue()).isEqualTo("LIMIT");
      assertThat(stopped.get("message").stringValue()).endsWith(" larger than 100 bytes.");

      send(server, token, "DELETE", "");
      JsonNode built = server.ended("demo", "null");
      assertThat(built.get("state").stringValue()).isEqualTo("SUCCEEDED");
    }
  }

  private static String administrator(TestServer server) {
    Token.Terms terms =
        new Token.Terms(
            "limits", Scope.ADMINISTER, Namespaces.of(List.of("acme")), Optional.empty());
    return new TokenStore(server.database().database().jdbi(), Clock.systemUTC())
        .create(terms, Actor.commandLine("test"))
        .secret()
        .reveal();
  }

  private static void send(TestServer server, String token, String method, String body)
      throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.uri(LIMITS))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body));
    assertThat(server.send(request).status()).isEqualTo(200);
  }
}
