package dev.raccoon.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.access.Actor;
import dev.raccoon.access.Authentication;
import dev.raccoon.access.Scope;
import dev.raccoon.access.Token;
import dev.raccoon.access.TokenStore;
import dev.raccoon.config.Clients;
import dev.raccoon.db.TestDatabase;
import dev.raccoon.value.InvalidValueException;
import dev.raccoon.value.Namespaces;
import dev.raccoon.value.RequestRate;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Authorization as it goes over the wire, before endpoints of the test's own. */
class AuthorizationHeaderTest {
  @TempDir static Path folder;
  private static TestDatabase database;
  private static WebServer server;
  private static TokenStore.Made made;

  @BeforeAll
  static void start() throws IOException {
    database = TestDatabase.fresh();
    TokenStore tokens = new TokenStore(database.database().jdbi(), Clock.systemUTC());
    made =
        tokens.create(
            new Token.Terms("ci", Scope.READ, Namespaces.ALL, Optional.empty()),
            Actor.commandLine("test"));
    CallerCheck check =
        new CallerCheck(
            new Authentication(tokens, Clock.systemUTC()),
            ONCE,
            path -> path.equals("/build") ? Traffic.BUILD : Traffic.READ);
    Path file = Files.writeString(folder.resolve("file"), "bytes");
    server =
        TestWeb.start(
            Stream.of(
                    Route.get("/who", e -> Answer.text(200, e.caller().getClass().getSimpleName())),
                    Route.get(
                        "/file",
                        e ->
                            new Answer.StoredFile(
                                FileChannel.open(file),
                                "x/y",
                                "tag",
                                Map.of("Cache-Control", "public, max-age=3600"))),
                    Route.get("/build", e -> Answer.text(200, "built")),
                    Route.get(
                        "/refused",
                        e -> {
                          throw new RefusedException(404, "No.");
                        }),
                    Route.get(
                        "/invalid",
                        e -> {
                          throw new InvalidValueException("No.");
                        }))
                .map(check::before)
                .toList(),
            Timeouts.USUAL);
  }

  /** A token that asks for a build once is to wait an hour. */
  private static final Clients ONCE =
      new Clients(
          List.of(),
          Optional.empty(),
          Optional.of(new RequestRate(1, Duration.ofHours(1), 1)),
          10,
          10);

  @AfterAll
  static void stop() {
    server.close();
    database.close();
  }

  @Test
  void withoutOneTheCallerIsAnonymous() throws IOException {
    RawClient.Reply reply = get("/who", "");
    assertThat(reply.body()).isEqualTo("Anonymous");
    assertThat(reply.header("Vary")).hasValue("Authorization");
    assertThat(reply.header("Cache-Control")).isEmpty();
  }

  @Test
  void aTokenHasARateOfItsOwn() throws IOException {
    Token.Terms terms = new Token.Terms("", Scope.READ, Namespaces.ALL, Optional.empty());
    TokenStore tokens = new TokenStore(database.database().jdbi(), Clock.systemUTC());
    String secret = tokens.create(terms, Actor.commandLine("test")).secret().reveal();

    assertThat(get("/build", "Authorization: " + secret).status()).isEqualTo(200);
    RawClient.Reply second = get("/build", "Authorization: " + secret);

    assertThat(second.status()).isEqualTo(429);
    assertThat(second.body()).contains("Too many requests for builds from the token ");
    assertThat(second.header("Retry-After")).isPresent();
    assertThat(get("/who", "Authorization: " + secret).status()).isEqualTo(200);
  }

  @Test
  void withATokenTheCallerIsKnownAndTheAnswerIsTheirs() throws IOException {
    for (String form : List.of("Bearer ", "", "bearer ")) {
      RawClient.Reply reply = get("/who", "Authorization: " + form + made.secret().reveal());
      assertThat(reply.body()).isEqualTo("Holder");
      assertThat(reply.header("Vary")).hasValue("Authorization");
      assertThat(reply.header("Cache-Control")).hasValue("private");
    }
  }

  @Test
  void aFileIsForSharedCachesOnlyWithoutAToken() throws IOException {
    assertThat(get("/file", "").header("Cache-Control")).hasValue("public, max-age=3600");
    assertThat(get("/file", good()).header("Cache-Control")).hasValue("private, max-age=3600");
  }

  @Test
  void refusalsAreMarkedAsWell() throws IOException {
    for (String path : List.of("/refused", "/invalid")) {
      assertThat(get(path, "").header("Vary")).hasValue("Authorization");
      assertThat(get(path, good()).header("Cache-Control")).hasValue("private");
      assertThat(get(path, good()).status()).isIn(404, 400);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Authorization: Basic cm9vdDpyb290",
        "Authorization: Bearer",
        "Authorization:",
        "Authorization: Bearer rcn_0000000000000000000000000000000000000000000000000",
        "Authorization: GOOD, GOOD",
        "Authorization: Bearer GOOD GOOD",
        "Authorization: Bearer \"GOOD\"",
        "Authorization: Bearer GOODx",
        "Authorization: GOOD\r\nAuthorization: GOOD",
        "Authorization: GOOD\r\nauthorization: Basic x",
        "Authorization: Basic x\r\nAUTHORIZATION: Bearer GOOD",
        "Authorization: Bearer \u00e4\u00f6\u00fc",
        "Authorization: Bearer\tGOOD"
      })
  void whatDoesNotCountIsRefusedOnOpenEndpointsToo(String headers) throws IOException {
    RawClient.Reply reply = get("/who", headers.replace("GOOD", made.secret().reveal()));
    assertThat(reply.status()).isEqualTo(401);
    assertThat(reply.header("WWW-Authenticate")).hasValue("Bearer");
    assertThat(reply.body()).startsWith("{\"result\":false,\"response\":\"").doesNotContain("rcn_");
  }

  @Test
  void controlBytesAndTooMuchAreNoRequest() throws IOException {
    assertThat(get("/who", "Authorization: Bearer \0" + made.secret().reveal()).status())
        .isEqualTo(400);
    assertThat(get("/who", "Authorization: " + "x".repeat(64 * 1024)).status()).isEqualTo(431);
    assertThat(get("/who", good()).status()).isEqualTo(200);
  }

  @Test
  void aTokenInTheAddressIsNotLookedAt() throws IOException {
    String secret = made.secret().reveal();
    assertThat(get("/who?token=" + secret + "&access_token=" + secret, "").body())
        .isEqualTo("Anonymous");
  }

  private static String good() {
    return "Authorization: Bearer " + made.secret().reveal();
  }

  private static RawClient.Reply get(String path, String headers) throws IOException {
    String lines = headers.isEmpty() ? "" : headers + "\r\n";
    try (RawClient client = new RawClient(server.port())) {
      return client.send("GET " + path + " HTTP/1.1\r\nHost: x\r\n" + lines + "\r\n").reply();
    }
  }
}
