package dev.raccoon.coon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.access.Actor;
import dev.raccoon.access.NamespaceStore;
import dev.raccoon.access.Scope;
import dev.raccoon.access.Token;
import dev.raccoon.access.TokenStore;
import dev.raccoon.artifact.FileArtifactStore;
import dev.raccoon.catalog.Scenario;
import dev.raccoon.testing.TestServer;
import dev.raccoon.testing.TestServer.Reply;
import dev.raccoon.value.BuildId;
import dev.raccoon.value.Namespaces;
import dev.raccoon.value.PackageName;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every endpoint, asked for a package in a private namespace and for one that never was: without a
 * token for it, the answers are the same, byte for byte.
 */
class PrivateNamespaceTest {
  private static final PackageName VAULT = new PackageName("Secret", "vault");
  private static final PackageName OPEN = new PackageName("public", "demo");
  private static final String ABSENT_ID = "0198c0de-7e57-7000-8000-000000000001";
  private static final String NOBODY = "";

  @TempDir static Path folder;
  private static TestServer server;
  private static BuildId hidden;
  private static BuildId shared;
  private static final Map<String, Reply> BEFORE = new HashMap<>();
  private static String right;
  private static String other;

  /** What lists everything; answered the same before the private package was there. */
  private static final List<String> LISTS =
      List.of(
          "GET /search",
          "GET /search?version=1.0.0",
          "GET /search?erl_version=25",
          "GET /search?erl_version=25.3&version=1.0.0",
          "GET /search?name=a",
          "GET /search?limit=1",
          "GET /last_builds");

  @BeforeAll
  static void fill() throws IOException {
    // So that the worker leaves every build to the test.
    server = TestServer.start(folder, Map.of("RACCOON_MIN_FREE_DISK", "900000GiB"));
    Scenario scenario = new Scenario(server.database());
    TokenStore tokens = new TokenStore(scenario.jdbi, Clock.systemUTC());
    right = token(tokens, Scope.BUILD, "secret");
    other = token(tokens, Scope.ADMINISTER, "public");
    shared = scenario.good(OPEN, Scenario.tag("1.0.0", 1, "25.3"));
    for (String list : LISTS) {
      BEFORE.put(list, ask(list, NOBODY));
    }
    new NamespaceStore(scenario.jdbi).set("SECRET", true, Actor.commandLine("test"));
    hidden = scenario.good(VAULT, Scenario.tag("1.0.0", 2, "25.3"));
    storeBytes(scenario);
  }

  private static void storeBytes(Scenario scenario) throws IOException {
    FileArtifactStore store = new FileArtifactStore(server.data().resolve("artifacts"));
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(log)) {
      gzip.write("a log\n".getBytes(StandardCharsets.UTF_8));
    }
    scenario.sql(
        "update artifact set digest = ? where build_id = ?",
        store.put(new ByteArrayInputStream(new byte[100])).digest().hex(),
        hidden.uuid());
    scenario.sql(
        "update build set log_digest = ?, log_size = 6 where id = ?",
        store.put(new ByteArrayInputStream(log.toByteArray())).digest().hex(),
        hidden.uuid());
  }

  private static String token(TokenStore tokens, Scope scope, String namespace) {
    Token.Terms terms =
        new Token.Terms("", scope, Namespaces.of(List.of(namespace)), Optional.empty());
    return tokens.create(terms, Actor.commandLine("test")).secret().reveal();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /search?namespace=NAMESPACE",
        "GET /search?namespace=NAMESPACE&version=1.0.0",
        "GET /search?namespace=NAMESPACE&erl_version=25",
        "GET /search?name=NAME",
        "GET /search?name=NAME&version=1.0.0",
        "GET /search?name=NAME&erl_version=25.3&namespace=NAMESPACE",
        "GET /search?after=ID",
        "GET /search?after=ID&name=e",
        "GET /builds/ID",
        "HEAD /builds/ID",
        "GET /download/ID",
        "HEAD /download/ID",
        "GET /download/ID?app=demo",
        "GET /download/ID?app=nothing",
        "GET /build_log?build_id=ID",
        "POST /builds {\"full_name\": \"NAMESPACE/NAME\"}",
        "POST /builds {\"full_name\": \"NAMESPACE/NAME\", \"versions\": [{\"ref\": \"1.0.0\"}]}",
        "POST /versions {\"full_name\": \"NAMESPACE/NAME\"}",
        "POST /get {\"full_name\": \"NAMESPACE/NAME\"}",
        "POST /get {\"full_name\": \"NAMESPACE/NAME\", \"versions\": [{\"ref\": \"1.0.0\"}]}",
        "POST /rebuild {\"build_id\": \"ID\"}",
        "POST /cancel {\"build_id\": \"ID\"}"
      })
  void nothingOfItShowsWithoutItsToken(String request) {
    String there = request.replace("ID", hidden.toString());
    there = there.replace("NAMESPACE", "secret").replace("NAME", "vault");
    String nowhere = request.replace("ID", ABSENT_ID);
    nowhere = nowhere.replace("NAMESPACE", "absent").replace("NAME", "thing");
    for (String token : List.of(NOBODY, other)) {
      assertThat(shown(ask(there, token))).as(there).isEqualTo(shown(ask(nowhere, token)));
    }
    if (!request.startsWith("POST /rebuild") && !request.endsWith("app=nothing")) {
      assertThat(shown(ask(there, right))).as(there).isNotEqualTo(shown(ask(nowhere, right)));
    }
  }

  @Test
  void theRightTokenShowsEverythingToItsHolderAlone() {
    for (String path :
        List.of(
            "/builds/" + hidden,
            "/download/" + hidden,
            "/build_log?build_id=" + hidden,
            "/search?namespace=secret")) {
      Reply reply = ask("GET " + path, right);
      assertThat(reply.status()).as(path).isEqualTo(200);
      assertThat(reply.http().headers().firstValue("Cache-Control").orElse(""))
          .as(path)
          .startsWith("private");
      assertThat(reply.http().headers().firstValue("Vary")).as(path).hasValue("Authorization");
    }
    assertThat(ask("GET /search", right).http().headers().firstValue("X-Total-Count"))
        .hasValue("2");
  }

  @Test
  void listsOfEverythingAreAsIfItHadNeverBeen() {
    BEFORE.forEach((list, before) -> {
      assertThat(shown(ask(list, NOBODY))).as(list).isEqualTo(shown(before));
      assertThat(ask(list, other).text()).as(list).isEqualTo(before.text());
      if (!list.equals("GET /search?limit=1")) {
        assertThat(ask(list, right).text()).as(list).isNotEqualTo(before.text());
      }
    });
  }

  @ParameterizedTest
  @ValueSource(strings = {"/buildAsync", "/buildSync"})
  void aBuildOfItIsRefusedAsThatOfAReservedNamespace(String path) {
    String body =
        "{\"full_name\": \"NS/vault\", \"clone_url\": \"https://git.example.org/demo.git\"}";
    for (String token : List.of(NOBODY, other)) {
      for (String namespace : List.of("secret", "Secret", "SECRET")) {
        Reply reserved = ask("POST " + path + " " + body.replace("NS", "hexpm"), token);
        Reply refused = ask("POST " + path + " " + body.replace("NS", namespace), token);
        assertThat(refused.status()).isEqualTo(400).isEqualTo(reserved.status());
        assertThat(refused.text()).isEqualTo(reserved.text().replace("hexpm", namespace));
      }
    }
    assertThat(ask("POST /buildAsync " + body.replace("NS", "secret"), right).status())
        .isNotEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Secret/vault", "secret/vault.git", "SECRET/VAULT.Git", "Secret/vault.git/"})
  void itsSourceIsNotBuiltUnderAnotherName(String repository) {
    String source = "https://git.example.org/" + repository;
    String body = "{\"full_name\": \"public/mine\", \"clone_url\": \"" + source + "\"}";
    for (String path : List.of("/buildAsync", "/buildSync")) {
      for (String token : List.of(NOBODY, other)) {
        Reply refused = ask("POST " + path + " " + body, token);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text())
            .contains("There is no repository that anyone may read at https://git.example.org/");
      }
    }
    String theirs = body.replace("public/mine", "secret/mine");
    assertThat(ask("POST /buildAsync " + theirs, right).status()).isNotEqualTo(400);
  }

  @Test
  void whatWasBuiltOfItsSourceUnderAnotherNameIsNotBuiltAgain() {
    Scenario scenario = new Scenario(server.database());
    String rebuild = "POST /rebuild {\"build_id\": \"" + shared + "\"}";
    String move = "update package set clone_url = ? where name = 'vault'";
    scenario.sql(move, "https://git.example.org/PUBLIC/demo");
    Reply refused = ask(rebuild, other);
    scenario.sql(move, "https://git.example.org/Secret/vault.git");
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.text()).contains("There is no repository that anyone may read at");
  }

  /** All of an answer that does not change by itself. */
  private static String shown(Reply reply) {
    Map<String, List<String>> headers = new TreeMap<>(reply.http().headers().map());
    headers.remove("date");
    return (reply.status() + " " + headers + " " + reply.text())
        .replace(hidden.toString(), ABSENT_ID)
        .replace("secret", "absent")
        .replace("vault", "thing");
  }

  /** {@code METHOD PATH BODY}. */
  private static Reply ask(String request, String token) {
    String[] parts = request.split(" ", 3);
    HttpRequest.BodyPublisher body =
        parts.length > 2
            ? HttpRequest.BodyPublishers.ofString(parts[2])
            : HttpRequest.BodyPublishers.noBody();
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(server.uri(parts[1])).method(parts[0], body);
    return server.send(token.isEmpty() ? builder : builder.header("Authorization", token));
  }
}
