package dev.raccoon.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.access.Actor;
import dev.raccoon.access.Scope;
import dev.raccoon.access.Token;
import dev.raccoon.access.TokenStore;
import dev.raccoon.testing.KerlFixture;
import dev.raccoon.testing.Patience;
import dev.raccoon.testing.TestServer;
import dev.raccoon.testing.TestServer.Reply;
import dev.raccoon.value.Namespaces;
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
import tools.jackson.databind.JsonNode;

/** An administrator's Erlang/OTP, through the whole server. */
class OtpApiTest {
  @TempDir static Path folder;
  private static TestServer server;
  private static String root;

  @BeforeAll
  static void start() throws IOException {
    KerlFixture kerl = new KerlFixture(folder.resolve("kerl"));
    server =
        TestServer.start(
            folder,
            Map.of(
                "RACCOON_KERL", kerl.program().toString(),
                "KERL_BASE_DIR", kerl.base().toString()));
    root = token(Namespaces.ALL);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void aVersionThatIsInstalledThroughTheServerIsBuiltForWithoutARestart() throws Exception {
    assertThat(
            server
                .ended("demo", "[{\"ref\": \"1.0.1\", \"erl_version\": \"25.99\"}]")
                .get("failure")
                .stringValue())
        .isEqualTo("TOOLCHAIN");

    Reply asked = ask("POST", "/api/otp/installs", root, "{\"version\": \"25.99\"}");
    assertThat(asked.status()).isEqualTo(202);
    String path = "/api/otp/installs/" + asked.response().get("id").longValue();
    Patience.await(() -> state(path).equals("SUCCEEDED") ? Optional.of(true) : Optional.empty());
    String log = ask("GET", path + "/log", root, "").text();
    assertThat(log).contains("checking for gcc").endsWith("OTP 25.99 is there.\n");
    assertThat(ask("GET", path + "/log?from=" + (log.length() - 7), root, "").text())
        .isEqualTo("there.\n");
    assertThat(ask("GET", "/api/otp/installs", root, "").response()).hasSize(1);

    JsonNode build =
        server.build("demo", "[{\"ref\": \"1.0.1\", \"erl_version\": \"25.99\"}]").getFirst();
    assertThat(build.get("otp_version").stringValue()).isEqualTo("25.99");
    JsonNode listed =
        Patience.await(() ->
            ask("GET", "/api/otp", root, "")
                .response()
                .valueStream()
                .filter(row -> row.get("version").stringValue().equals("25.99"))
                .findFirst());
    assertThat(listed.get("rebar3").stringValue()).startsWith("3.");
    assertThat(server.get("/health").text()).contains("OTP 25.99: rebar3 3.", "OTP 25.99 and ");
  }

  @Test
  void itIsForAdministratorsOfEverything() throws Exception {
    String acme = token(Namespaces.of(List.of("acme")));
    for (String path :
        List.of(
            "/api/otp", "/api/otp/installs", "/api/otp/installs/1", "/api/otp/installs/1/log")) {
      assertThat(ask("GET", path, acme, "").status()).isEqualTo(403);
      assertThat(server.get(path).status()).isEqualTo(401);
    }
    assertThat(ask("POST", "/api/otp/installs", acme, "{\"version\": \"25.98\"}").status())
        .isEqualTo(403);
  }

  @Test
  void whatIsWrongIsASentence() {
    assertThat(ask("POST", "/api/otp/installs", root, "{\"version\": 25}").status()).isEqualTo(400);
    assertThat(ask("POST", "/api/otp/installs", root, "{\"version\": \"x; rm\"}").status())
        .isEqualTo(400);
    assertThat(ask("POST", "/api/otp/installs", root, "{\"vsn\": \"25\"}").status()).isEqualTo(400);
    assertThat(ask("GET", "/api/otp/installs/99/log", root, "").status()).isEqualTo(404);
  }

  private static String state(String path) {
    return ask("GET", path, root, "").response().get("state").stringValue();
  }

  private static String token(Namespaces namespaces) {
    return new TokenStore(server.database().database().jdbi(), Clock.systemUTC())
        .create(
            new Token.Terms("test", Scope.ADMINISTER, namespaces, Optional.empty()),
            Actor.commandLine("test"))
        .secret()
        .reveal();
  }

  private static Reply ask(String method, String path, String token, String body) {
    return server.send(
        HttpRequest.newBuilder(server.uri(path))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body)));
  }
}
