package dev.raccoon.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.access.Actor;
import dev.raccoon.access.Scope;
import dev.raccoon.access.Token;
import dev.raccoon.access.TokenStore;
import dev.raccoon.catalog.PackageLimitStore;
import dev.raccoon.testing.TestServer;
import dev.raccoon.testing.TestServer.Reply;
import dev.raccoon.value.Limit;
import dev.raccoon.value.Namespaces;
import dev.raccoon.value.PackageName;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdminApiTest {
  @TempDir static Path folder;
  private static TestServer server;
  private static String root;
  private static String acme;
  private static String builder;

  @BeforeAll
  static void start() throws IOException {
    server =
        TestServer.start(folder, Map.of("RACCOON_METRICS", "token", "RACCOON_HEALTH", "token"));
    root = token(Scope.ADMINISTER, Namespaces.ALL);
    acme = token(Scope.ADMINISTER, Namespaces.of(List.of("acme")));
    builder = token(Scope.BUILD, Namespaces.ALL);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String token(Scope scope, Namespaces namespaces) {
    return new TokenStore(server.database().database().jdbi(), Clock.systemUTC())
        .create(
            new Token.Terms("test", scope, namespaces, Optional.empty()), Actor.commandLine("test"))
        .secret()
        .reveal();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /api/tokens, 403",
    "POST, /api/tokens, 403",
    "DELETE, /api/tokens/1, 403",
    "GET, /api/audit, 403",
    "GET, /api/namespaces, 200",
    "PUT, /api/namespaces/other, 403",
    "PUT, /api/namespaces/acme, 400",
    "GET, /api/limits/other/demo, 403",
    "GET, /api/limits/ACME/demo, 200",
    "PUT, /api/limits/other/demo, 403",
    "DELETE, /api/limits/other/demo, 403"
  })
  void eachIsForItsAdministratorsAlone(String method, String path, int forAcme) {
    assertThat(ask(method, path, "", "{}").status()).isEqualTo(401);
    assertThat(ask(method, path, builder, "{}").status()).isEqualTo(403);
    assertThat(ask(method, path, acme, "{}").status()).isEqualTo(forAcme);
  }

  @Test
  void aTokenIsMadeShownOnceUsedAndWithdrawn() {
    Reply made =
        ask(
            "POST",
            "/api/tokens",
            root,
            """
            {"name": "ci", "scope": "administer", "namespaces": ["Acme"], "until": "2999-01-01"}
            """);
    assertThat(made.status()).isEqualTo(201);
    assertThat(made.http().headers().firstValue("Cache-Control")).hasValue("private, no-store");
    String secret = made.response().get("token").stringValue();
    String id = made.response().get("id").asString();
    assertThat(made.response().get("until").stringValue()).isEqualTo("2999-01-01T00:00:00Z");
    assertThat(made.response().get("namespaces").toString()).isEqualTo("[\"acme\"]");

    Reply list = ask("GET", "/api/tokens?limit=1", root, "");
    assertThat(list.text()).doesNotContain(secret).contains("\"name\":\"ci\"");
    assertThat(list.http().headers().firstValue("Link").orElse("")).contains("after=" + id);
    assertThat(ask("GET", "/api/namespaces", secret, "").status()).isEqualTo(200);

    assertThat(ask("DELETE", "/api/tokens/" + id, root, "").status()).isEqualTo(200);
    Reply refused = ask("GET", "/search", secret, "");
    assertThat(refused.status()).isEqualTo(401);
    assertThat(refused.http().headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
    assertThat(ask("GET", "/api/audit?limit=2", root, "").text())
        .contains("token.withdraw", "token.create", "\"subject\":\"token " + id, "127.0.0.1")
        .doesNotContain(secret);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"scope\": \"read\"}",
        "{\"scope\": \"root\", \"namespaces\": \"all\"}",
        "{\"scope\": \"read\", \"namespaces\": []}",
        "{\"scope\": \"read\", \"namespaces\": \"acme\"}",
        "{\"scope\": \"read\", \"namespaces\": [1]}",
        "{\"scope\": \"read\", \"namespaces\": [\"a/b\"]}",
        "{\"scope\": \"read\", \"namespaces\": \"all\", \"until\": \"soon\"}",
        "{\"scope\": \"read\", \"namespaces\": \"all\", \"until\": \"2020-01-01\"}",
        "{\"scope\": \"read\", \"namespaces\": \"all\", \"name\": \"a\\nb\"}",
        "{\"scope\": \"read\", \"namespaces\": \"all\", \"untill\": \"2999-01-01\"}",
        "{\"scope\": \"read\", \"namespaces\": \"all\", \"until\": \"+10000-01-01T00:00:00Z\"}",
        "[]",
        ""
      })
  void wrongTermsAreRefused(String body) {
    assertThat(ask("POST", "/api/tokens", root, body).status()).as(body).isEqualTo(400);
  }

  @Test
  void aNamespaceIsMadePrivateAndPublicByItsAdministrator() {
    assertThat(ask("PUT", "/api/namespaces/Acme", acme, "{\"private\": true}").status())
        .isEqualTo(200);
    assertThat(ask("GET", "/api/namespaces", acme, "").text())
        .contains("{\"namespace\":\"acme\",\"private\":true,\"packages\":0}");
    assertThat(ask("PUT", "/api/namespaces/acme", root, "{\"private\": false}").status())
        .isEqualTo(200);
    assertThat(ask("GET", "/api/namespaces", acme, "").text()).contains("\"private\":false");
    Reply misspelt =
        ask("PUT", "/api/namespaces/acme", root, "{\"private\": false, \"privat\": true}");
    assertThat(misspelt.status()).isEqualTo(400);
    assertThat(misspelt.text()).contains("There are: private.");
    assertThat(ask("PUT", "/api/namespaces/builds", root, "{\"private\": true}").status())
        .isEqualTo(400);
  }

  @Test
  void aPackageGetsLimitsOfItsOwn() {
    String path = "/api/limits/Acme/Demo";
    String body = "{\"memory\": \"1GiB\", \"time\": \"5m\", \"processes\": 100}";
    assertThat(ask("PUT", path, acme, body).response().get("limits").toString())
        .isEqualTo("{\"memory\":1073741824,\"processes\":100,\"time\":300000}");
    PackageLimitStore limits = new PackageLimitStore(server.database().database().jdbi());
    assertThat(limits.of(new PackageName("acme", "demo")))
        .isEqualTo(Map.of(Limit.MEMORY, 1L << 30, Limit.TIME, 300_000L, Limit.PROCESSES, 100L));

    ask("PUT", path, acme, "{\"time\": 60000}");
    ask("DELETE", path + "?limit=memory", acme, "");
    assertThat(ask("GET", path, acme, "").response().get("limits").toString())
        .isEqualTo("{\"processes\":100,\"time\":60000}");
    ask("DELETE", path, acme, "");
    assertThat(limits.of(new PackageName("acme", "demo"))).isEmpty();
    assertThat(ask("GET", "/api/audit?limit=4", root, "").text())
        .contains("limits.set", "limits.remove", "memory=1073741824", "Acme/Demo");
  }

  @Test
  void moreThanTheServersLimitsIsForTheAdministratorOfAllNamespaces() {
    String path = "/api/limits/acme/large";
    String body = "{\"time\": 60000, \"memory\": \"4GiB\"}";
    Reply refused = ask("PUT", path, acme, body);
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.text()).contains("memory: more than the server's own 2147483648 needs");
    assertThat(ask("GET", path, acme, "").response().get("limits").toString()).isEqualTo("{}");
    assertThat(ask("PUT", path, root, body).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"memory\": \"1MiB\"}",
        "{\"memory\": -1}",
        "{\"memory\": 1.5}",
        "{\"memory\": null}",
        "{\"memory\": \"4GiB \"}",
        "{\"memory\": 99999999999999999999}",
        "{\"speed\": 1}",
        "{\"processes\": \"10m\"}",
        "{\"time\": 0}",
        "{}"
      })
  void wrongLimitsAreRefused(String body) {
    Reply reply = ask("PUT", "/api/limits/acme/other", acme, body);
    assertThat(reply.status()).as(body).isEqualTo(400);
    assertThat(ask("GET", "/api/limits/acme/other", acme, "").response().get("limits").toString())
        .isEqualTo("{}");
  }

  @Test
  void metricsAndHealthCanBeClosed() {
    assertThat(ask("GET", "/metrics", "", "").status()).isEqualTo(401);
    assertThat(ask("GET", "/metrics", builder, "").status()).isEqualTo(200);
    assertThat(ask("GET", "/health", "", "").response().propertyNames()).containsExactly("status");
    assertThat(ask("GET", "/health", builder, "").response().propertyNames()).contains("database");
  }

  @Test
  void aPathsOtherMethodsAreNamed() {
    Reply reply = ask("PATCH", "/api/limits/acme/demo", root, "");
    assertThat(reply.status()).isEqualTo(405);
    assertThat(reply.http().headers().firstValue("Allow")).hasValue("GET, HEAD, PUT, DELETE");
  }

  private static Reply ask(String method, String path, String token, String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.uri(path))
            .method(
                method,
                method.startsWith("P")
                    ? HttpRequest.BodyPublishers.ofString(body)
                    : HttpRequest.BodyPublishers.noBody());
    return server.send(
        token.isEmpty() ? request : request.header("Authorization", "Bearer " + token));
  }
}
