package dev.raccoon.coon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.raccoon.access.Actor;
import dev.raccoon.access.Scope;
import dev.raccoon.access.Token;
import dev.raccoon.access.TokenStore;
import dev.raccoon.db.PostgresTap;
import dev.raccoon.db.TestDatabase;
import dev.raccoon.testing.Patience;
import dev.raccoon.testing.TestServer;
import dev.raccoon.value.Namespaces;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** How many SQL statements a request makes, counted on the way to the database. */
class StatementsPerRequestTest {
  /** What the server looks for by itself, and what only holds statements together. */
  private static final Pattern OTHERS =
      Pattern.compile("(?i)lease|(from|into) (node|bulk)\\b|^(begin|commit|listen\\b.*|select 1)$");

  @TempDir static Path folder;
  private static TestDatabase database;
  private static PostgresTap tap;
  private static TestServer server;
  private static JsonNode good;
  private static JsonNode failed;

  @BeforeAll
  static void build() throws Exception {
    database = TestDatabase.fresh();
    tap = new PostgresTap(database.address());
    server =
        TestServer.start(
            folder, Map.of("RACCOON_DATABASE_URL", tap.url(), "RACCOON_BUILD_SLOTS", "2"));
    assumeTrue(
        !server.server().installations().all().isEmpty(), "there is no Erlang/OTP on this machine");
    assumeTrue(server.server().sandboxTrouble().isEmpty(), "there is no sandbox on this machine");
    good =
        server
            .afterItsSurvey()
            .build("demo", "[{\"ref\": \"1.0.0\"}, {\"ref\": \"1.0.1\"}]")
            .getFirst();
    failed = server.ended("broken", "[{\"ref\": \"0.1.0\"}]");
    Patience.await(() -> Optional.of(true).filter(ignored -> everySlotIsFree()));
  }

  /** A build's last statement comes after its end is recorded, and before its slot is free. */
  private static boolean everySlotIsFree() {
    return server.get("/metrics?format=json").json().get("gauge.slots.free").intValue() == 2;
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
    tap.close();
    database.close();
  }

  @ParameterizedTest
  @CsvSource({
    "/search, 2",
    "/search?name=demo, 2",
    "/search?name=demo&namespace=acme&version=1.0.0&erl_version=25&limit=1, 2",
    "/last_builds, 1",
    "/builds/GOOD, 3",
    "/download/GOOD, 1",
    "/download/FAILED, 2",
    "/download/0198c0de-7e57-7000-8000-000000000001, 2",
    "/build_log?build_id=GOOD, 1",
    "/build_log?build_id=FAILED, 1",
    "/metrics, 2",
    "/nothing, 0",
    "/download/x, 0",
  })
  void readingMakesFew(String address, int most) {
    String path = address.replace("GOOD", id(good)).replace("FAILED", id(failed));
    assertThat(statements(() -> server.get(path))).hasSizeLessThanOrEqualTo(most);
  }

  @ParameterizedTest
  @CsvSource({"/builds, 2", "/versions, 1", "/get, 1"})
  void askingWithABodyMakesAtMostTwo(String path, int most) {
    for (String name : List.of("acme/demo", "acme/broken", "acme/nothing")) {
      String body = "{\"full_name\": \"" + name + "\", \"versions\": [{\"ref\": \"1.0.0\"}]}";
      assertThat(statements(() -> server.post(path, body))).hasSizeLessThanOrEqualTo(most);
    }
  }

  @Test
  void aRunningBuildsLogMakesThree() throws Exception {
    String body = server.request("slow", "[{\"ref\": \"1.0.0\"}]");
    JsonNode build = server.post("/buildAsync", body).response().get("builds").get(0);
    Patience.await(
        () -> Optional.of(server.log(id(build))).filter(log -> log.contains("slow: started")));
    assertThat(statements(() -> server.log(id(build)))).hasSizeLessThanOrEqualTo(3);
  }

  @Test
  void aTokenCostsOneMoreAndOnceAMinuteTwo() {
    String secret =
        new TokenStore(database.database().jdbi(), Clock.systemUTC())
            .create(
                new Token.Terms("", Scope.READ, Namespaces.ALL, Optional.empty()),
                Actor.commandLine("test"))
            .secret()
            .reveal();
    Runnable search =
        () ->
            server.send(
                HttpRequest.newBuilder(server.uri("/search")).header("Authorization", secret));
    assertThat(statements(search)).hasSize(4);
    assertThat(statements(search)).hasSize(3);
  }

  @Test
  void theTapSeesWhatGoesBy() {
    assertThat(statements(() -> server.get("/search?name=demo")))
        .hasSize(2)
        .allSatisfy(sql -> assertThat(sql).startsWith("select"));
  }

  private static List<String> statements(Runnable request) {
    tap.taken();
    request.run();
    return tap.taken().stream().filter(sql -> !OTHERS.matcher(sql).find()).toList();
  }

  private static String id(JsonNode row) {
    return row.get("build_id").stringValue();
  }
}
