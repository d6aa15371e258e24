package dev.raccoon.coon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.raccoon.testing.TestServer;
import dev.raccoon.testing.TestServer.Reply;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The answers that clients read, after two good builds and a failed one. */
class CoonProtocolTest {
  private static final String UNKNOWN = "0198c0de-7e57-7000-8000-000000000001";
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final Pattern NEXT = Pattern.compile("<([^>]+)>; rel=\"next\"");

  @TempDir static Path folder;
  private static TestServer server;
  private static JsonNode older;
  private static JsonNode newer;
  private static JsonNode failed;

  @BeforeAll
  static void build() throws Exception {
    server = TestServer.start(folder);
    assumeTrue(
        !server.server().installations().all().isEmpty(), "there is no Erlang/OTP on this machine");
    assumeTrue(server.server().sandboxTrouble().isEmpty(), "there is no sandbox on this machine");
    older = server.build("demo", "[{\"ref\": \"1.0.0\"}]").getFirst();
    newer = server.build("demo", "{\"ref\": \"1.0.1\"}").getFirst();
    failed = server.ended("broken", "[{\"ref\": \"0.1.0\"}]");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void searchRowsHaveTheFieldsThatClientsRead() {
    JsonNode row = rows(server.get("/search?name=demo&version=1.0.1")).getFirst();
    assertThat(text(row, "build_id")).isEqualTo(id(newer));
    assertThat(text(row, "namespace")).isEqualTo("acme");
    assertThat(text(row, "name")).isEqualTo("demo");
    assertThat(row.get("success").booleanValue()).isTrue();
    assertThat(text(row, "path")).isEqualTo("/download/" + id(newer));
    assertThat(text(row, "version")).isEqualTo("1.0.1");
    assertThat(text(row, "erl_version")).matches("[0-9]+");
    assertThat(text(row, "otp_version")).startsWith(text(row, "erl_version") + ".");
    assertThat(text(row, "build_date")).endsWith("Z");
    assertThat(Instant.parse(text(row, "build_date"))).isBeforeOrEqualTo(Instant.now());
  }

  @Test
  void aFailedBuildsPathIsItsLog() {
    JsonNode row = rows(server.get("/search?name=broken&namespace=acme")).getFirst();
    assertThat(row.get("success").booleanValue()).isFalse();
    assertThat(text(row, "path")).isEqualTo("/build_log?build_id=" + id(failed));
    assertThat(server.get(text(row, "path")).text()).contains("answer/0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "name=demo",
        "name=DEMO",
        "name=em",
        "namespace=ACME&name=demo",
        "name=demo&namespace=acme",
        "name=demo&namespace=",
        "name=+demo+"
      })
  void searchForgivesCaseAndMatchesAPartOfAName(String query) {
    assertThat(ids(rows(server.get("/search?" + query)))).containsExactly(id(newer), id(older));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "name=nothing",
        "name=%25",
        "name=_",
        "namespace=acm",
        "version=1.0",
        "erl_version=1"
      })
  void searchFindsNothingElse(String query) {
    Reply reply = server.get("/search?" + query);
    assertThat(reply.text()).isEqualTo("{\"result\":true,\"response\":[]}\n");
    assertThat(reply.http().headers().firstValue("X-Total-Count")).hasValue("0");
  }

  @Test
  void searchKnowsMajorAndExactOtpVersions() {
    String major = text(newer, "erl_version");
    String exact = text(newer, "otp_version");
    assertThat(rows(server.get("/search?name=demo&erl_version=" + major))).hasSize(2);
    assertThat(rows(server.get("/search?name=demo&erl_version=" + exact))).hasSize(2);
  }

  @Test
  void pagesFollowedToTheEndListEachRowOnce() {
    List<String> seen = new ArrayList<>();
    Optional<String> address = Optional.of("/search?limit=1&namespace=acme");
    while (address.isPresent()) {
      Reply reply = server.get(address.get());
      assertThat(reply.http().headers().firstValue("X-Total-Count")).hasValue("3");
      seen.addAll(ids(rows(reply)));
      assertThat(seen).hasSizeLessThanOrEqualTo(3);
      address = next(reply);
    }
    assertThat(seen).containsExactly(id(failed), id(newer), id(older));
  }

  @Test
  void buildsArePagedInTheSameWay() {
    Reply first = server.post("/builds?limit=1", named(""));
    Reply second = server.post(next(first).orElseThrow(), named(""));
    assertThat(ids(rows(first))).containsExactly(id(newer));
    assertThat(ids(rows(second))).containsExactly(id(older));
    assertThat(second.http().headers().firstValue("X-Total-Count")).hasValue("2");
  }

  @Test
  void lastBuildsAreTheNewestFirstFailedOnesToo() {
    assertThat(ids(rows(server.get("/last_builds?n=3"))))
        .containsExactly(id(failed), id(newer), id(older));
    assertThat(ids(rows(server.get("/last_builds?n=1")))).containsExactly(id(failed));
    assertThat(rows(server.get("/last_builds?n=")).getLast().propertyNames())
        .contains(
            "build_id",
            "namespace",
            "name",
            "success",
            "path",
            "build_date",
            "version",
            "erl_version");
  }

  @Test
  void buildsAreThoseThatCanBeDownloaded() {
    List<JsonNode> rows = rows(server.post("/builds", named("")));
    assertThat(ids(rows)).containsExactly(id(newer), id(older));
    JsonNode row = rows.getFirst();
    assertThat(row.get("result").booleanValue()).isTrue();
    assertThat(text(row, "message")).isEmpty();
    assertThat(text(row, "artifact_path")).isEqualTo("/download/" + id(newer));
    assertThat(Instant.parse(text(row, "created_date"))).isBeforeOrEqualTo(Instant.now());
    assertThat(server.post("/builds", "{\"full_name\": \"acme/broken\"}").response()).isEmpty();
  }

  @Test
  void versionsNameTheirIdTwice() {
    List<JsonNode> rows = rows(server.post("/versions", named("")));
    assertThat(rows.stream().map(row -> text(row, "ref"))).containsExactly("1.0.1", "1.0.0");
    assertThat(rows)
        .allSatisfy(row -> {
          assertThat(text(row, "versionId")).isEqualTo(text(row, "version_id")).hasSize(36);
          assertThat(text(row, "erl_version")).isEqualTo(text(newer, "erl_version"));
        });
    assertThat(server.post("/versions", "{\"full_name\": \"acme/broken\"}").response()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ", \"versions\": null",
        ", \"versions\": []",
        ", \"versions\": [{}]",
        ", \"versions\": {}",
        ", \"versions\": [{\"ref\": null}]",
        ", \"versions\": [{\"erl_version\": \"\"}]",
        ", \"versions\": [{\"erl_version\": null}]",
        ", \"versions\": {\"ref\": \"1.0.1\"}",
        ", \"versions\": [{\"ref\": \"1.0.1\"}]",
        ", \"versions\": {\"ref\": \"1.0.1\", \"erl_version\": \"\"}",
        ", \"versions\": [{\"ref\": \"0.0.9\"}, {\"ref\": \"1.0.1\", \"erl_version\": null}]",
        ", \"notify_email\": false, \"more\": {\"a\": [1]}"
      })
  void versionsMayBeLeftOutOrOneOrMany(String versions) {
    Reply reply = server.post("/get", named(versions));
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.http().headers().firstValue("X-Build-Id")).hasValue(id(newer));
  }

  @Test
  void aRefBesideTheFullNameCountsAsOneVersion() {
    Reply none = server.post("/get", "{\"full_name\": \"acme/demo\", \"ref\": \"0.0.9\"}");
    assertThat(none.text()).isEqualTo("No such build");
    Reply some = server.post("/get", "{\"full_name\": \"acme/demo\", \"ref\": \"1.0.0\"}");
    assertThat(some.http().headers().firstValue("ETag")).isPresent();
  }

  @Test
  void getServesTheVeryFileOfTheDownload() {
    Reply got = server.post("/get", named(olderFor("erl_version")));
    assertThat(got.http().body()).isEqualTo(server.get("/download/" + id(older)).http().body());
    Reply exact = server.post("/get", named(olderFor("otp_version")));
    assertThat(exact.http().body()).isEqualTo(got.http().body());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"full_name\": \"acme/nothing\"}",
        "{\"full_name\": \"acme/broken\"}",
        "{\"full_name\": \"acme/demo\", \"versions\": [{\"ref\": \"9.9.9\"}]}",
        "{\"full_name\": \"acme/demo\", \"versions\": {\"ref\": \"1.0.0\", \"erl_version\": \"17\"}}"
      })
  void getThatFindsNothingIsA200WithThirteenBytes(String body) {
    Reply reply = server.post("/get", body);
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.http().body()).isEqualTo("No such build".getBytes(StandardCharsets.US_ASCII));
    Reply json =
        server.send(
            HttpRequest.newBuilder(server.uri("/get"))
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .POST(BodyPublishers.ofString(body)));
    assertThat(json.status()).isEqualTo(404);
    assertThat(json.json().get("result").booleanValue()).isFalse();
    assertThat(json.response().isString()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "full_name=acme%2Fdemo",
        "full_name=acme/demo.git",
        "full_name=acme/demo&versions=",
        "full_name=acme/demo&versions=[{\"ref\":\"1.0.1\"}]",
        "full_name=acme/demo&versions=%7B%22ref%22%3A%221.0.1%22%7D",
        "full_name=acme/demo&ref=1.0.1&erl_version=",
        "full_name=acme/demo&versions[0][ref]=1.0.1",
        "{\"full_name\": \"acme/demo\", \"versions\": {\"ref\": \"1.0.1\"}}",
        "  {\"full_name\": \"acme/demo.git\"}"
      })
  void theOldestClientsSendForms(String body) {
    Reply reply = post("/get", FORM, body);
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    assertThat(reply.http().headers().firstValue("X-Build-Id")).hasValue(id(newer));
  }

  @Test
  void anOldClientAsksForABuildWithAForm() {
    Reply reply =
        post(
            "/buildAsync",
            FORM,
            "full_name=acme/demo.git&clone_url=https://git.example.org/demo&ref=1.0.0&erl_version="
                + text(older, "erl_version"));
    assertThat(reply.status()).isEqualTo(200);
    assertThat(text(reply.response().get("builds").get(0), "build_id")).isEqualTo(id(older));
  }

  @Test
  void anAcceptedRequestNamesItsBuilds() throws Exception {
    String otp = "\"erl_version\": \"" + text(newer, "erl_version") + "\"";
    Reply reply =
        server.post("/buildAsync", server.request("demo", "{\"ref\": \"1.0.1\", " + otp + "}"));
    assertThat(reply.json().get("result").booleanValue()).isTrue();
    assertThat(text(reply.response(), "request_id")).hasSize(36);
    JsonNode build = reply.response().get("builds").get(0);
    assertThat(text(build, "build_id")).isEqualTo(id(newer));
    assertThat(text(build, "ref")).isEqualTo("1.0.1");
    assertThat(text(build, "state")).isEqualTo("SUCCEEDED");
    assertThat(text(build, "path")).isEqualTo("/builds/" + id(newer));
  }

  @Test
  void aSyncRequestThatFailsSaysWhatAndWhere() throws Exception {
    String request = server.request("broken", "[{\"ref\": \"9.9.9\"}]").replace("acme/", "other/");
    Reply reply = server.post("/buildSync", request);
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.json().get("result").booleanValue()).isFalse();
    assertThat(reply.response().stringValue())
        .startsWith("other/broken 9.9.9")
        .contains("/build_log?build_id=");
    String build = reply.response().stringValue().replaceFirst("(?s).*build_id=", "");
    // To other tests the last builds are those before.
    server
        .database()
        .database()
        .jdbi()
        .useHandle(handle ->
            handle.execute("update build set finished_at = 'epoch' where id = ?::uuid", build));
    assertThat(server.get("/builds/" + build).response().get("failure").stringValue())
        .isEqualTo("SOURCE");
  }

  @Test
  void anotherRepositorysRequestForAKnownPackageIsRefused() {
    Reply reply =
        server.post(
            "/buildAsync",
            "{\"full_name\": \"acme/demo\", \"clone_url\": \"https://git.example.org/other.git\"}");
    assertThat(reply.status()).isEqualTo(409);
    assertThat(reply.response().stringValue()).contains("https://git.example.org/demo");
  }

  @Test
  void aBuildTellsAllThatIsKnownOfIt() {
    JsonNode build = server.get("/builds/" + id(failed)).response();
    assertThat(text(build, "state")).isEqualTo("FAILED");
    assertThat(text(build, "failure")).isEqualTo("COMPILE");
    assertThat(text(build, "message")).isNotEmpty();
    assertThat(text(build, "full_name")).isEqualTo("acme/broken");
    assertThat(text(build, "commit")).hasSize(40);
    assertThat(text(build, "log_path")).isEqualTo("/build_log?build_id=" + id(failed));
    assertThat(build.get("artifact_path").isNull()).isTrue();
    for (String date : List.of("queued_date", "started_date", "build_date")) {
      assertThat(Instant.parse(text(build, date))).isBeforeOrEqualTo(Instant.now());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/build_log?build_id=", "/build_log/?build_id="})
  void aLogIsPlainText(String path) {
    Reply reply = server.get(path + id(newer));
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.http().headers().firstValue("Content-Type"))
        .hasValue("text/plain; charset=utf-8");
    assertThat(reply.text()).contains("Compiling demo");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/download/", "/builds/", "/build_log?build_id="})
  void anUnknownIdIsA404(String path) {
    Reply reply = server.get(path + UNKNOWN);
    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.response().stringValue()).isEqualTo("There is no build " + UNKNOWN + ".");
  }

  @Test
  void aFailedBuildsDownloadIsA404ThatLeadsToItsLog() {
    Reply reply = server.get("/download/" + id(failed));
    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.response().stringValue()).contains("/build_log?build_id=" + id(failed));
    Reply otherApp = server.get("/download/" + id(newer) + "?app=other");
    assertThat(otherApp.status()).isEqualTo(404);
    assertThat(otherApp.response().stringValue()).contains("no application other");
  }

  @Test
  void anotherSitesPageCannotAskForBuilds() throws Exception {
    for (String type : List.of(FORM, "text/plain", "application/json")) {
      Reply reply =
          server.send(
              HttpRequest.newBuilder(server.uri("/buildAsync"))
                  .header("Content-Type", type)
                  .header("Origin", "https://evil.example")
                  .POST(BodyPublishers.ofString(server.request("demo", "null"))));
      assertThat(reply.status()).isEqualTo(403);
    }
  }

  private static String olderFor(String otp) {
    return ", \"versions\": [{\"ref\": \"1.0.0\", \"erl_version\": \"" + text(older, otp) + "\"}]";
  }

  private static Reply post(String path, String type, String body) {
    return server.send(
        HttpRequest.newBuilder(server.uri(path))
            .header("Content-Type", type)
            .POST(BodyPublishers.ofString(body)));
  }

  private static String named(String more) {
    return "{\"full_name\": \"acme/demo\"" + more + "}";
  }

  private static Optional<String> next(Reply reply) {
    return reply
        .http()
        .headers()
        .firstValue("Link")
        .map(link -> {
          Matcher next = NEXT.matcher(link);
          assertThat(next.matches()).as(link).isTrue();
          return next.group(1);
        });
  }

  private static List<JsonNode> rows(Reply reply) {
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    assertThat(reply.json().get("result").booleanValue()).isTrue();
    return reply.response().valueStream().toList();
  }

  private static List<String> ids(List<JsonNode> rows) {
    return rows.stream().map(CoonProtocolTest::id).toList();
  }

  private static String id(JsonNode row) {
    return text(row, "build_id");
  }

  private static String text(JsonNode row, String field) {
    return row.get(field).stringValue();
  }
}
