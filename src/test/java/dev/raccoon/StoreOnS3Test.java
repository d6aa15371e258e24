package dev.raccoon;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.CommandLine.Ended;
import dev.raccoon.artifact.FileArtifactStore;
import dev.raccoon.config.Settings;
import dev.raccoon.testing.Patience;
import dev.raccoon.testing.Program;
import dev.raccoon.testing.S3Server;
import dev.raccoon.testing.TestServer;
import dev.raccoon.testing.TestServer.Reply;
import dev.raccoon.value.Sha256;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Two servers on one bucket: one hands packages out, the other sends its clients there. */
class StoreOnS3Test {
  @TempDir static Path folder;
  private static S3Server bucket;
  private static TestServer server;
  private static Server redirecting;
  private static HttpClient client;
  private static String id;
  private static byte[] whole;

  @BeforeAll
  static void build() throws Exception {
    bucket = S3Server.start(folder.resolve("served"));
    server = TestServer.start(Files.createDirectory(folder.resolve("one")), bucket.settings("a/b"));
    server.whereItBuilds();
    id = server.build("demo", "[{\"ref\": \"1.0.0\"}]").getFirst().get("build_id").stringValue();
    whole = server.get("/download/" + id).http().body();
    Map<String, String> settings = new HashMap<>(server.settings());
    settings.put("RACCOON_DATA_DIR", folder.resolve("two").toString());
    settings.put("RACCOON_ARTIFACT_REDIRECTS", "true");
    redirecting = Server.start(Settings.of(settings));
    client = HttpClient.newHttpClient();
  }

  @AfterAll
  static void stop() {
    client.close();
    redirecting.close();
    server.close();
    bucket.close();
  }

  @Test
  void aPackageAndItsLogAreInTheBucketAndComeAsFromAFile() {
    Sha256 digest = Sha256.of(whole);
    assertThat(bucket.object("a/b/sha256/" + digest)).hasBinaryContent(whole);
    assertThat(server.data().resolve("artifacts")).doesNotExist();
    Reply part = server.send(download("Range", "bytes=10-19"));
    assertThat(part.status()).isEqualTo(206);
    assertThat(part.http().body()).isEqualTo(Arrays.copyOfRange(whole, 10, 20));
    assertThat(part.http().headers().firstValue("ETag")).hasValue("\"" + digest + "\"");
    assertThat(server.send(download("If-None-Match", "\"" + digest + "\"")).status())
        .isEqualTo(304);
    Reply head = server.send(HttpRequest.newBuilder(server.uri("/download/" + id)).HEAD());
    assertThat(head.http().headers().firstValueAsLong("Content-Length")).hasValue(whole.length);
    assertThat(server.log(id)).contains("==> Succeeded in ");
    assertThat(server.get("/health").text()).contains("writes and reads");
  }

  private static HttpRequest.Builder download(String header, String value) {
    return HttpRequest.newBuilder(server.uri("/download/" + id)).header(header, value);
  }

  @Test
  void aRedirectIsA307WithTheAddressInItsBodyAsWell() throws Exception {
    HttpResponse<String> get = redirect(HttpRequest.newBuilder(uri("/download/" + id)));
    HttpResponse<String> post =
        redirect(
            HttpRequest.newBuilder(uri("/get"))
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        "{\"full_name\": \"acme/demo\", \"versions\": [{\"ref\": \"1.0.0\"}]}")));
    assertThat(post.headers().firstValue("X-Build-Id")).isPresent();

    for (HttpResponse<String> answer : List.of(get, post)) {
      HttpResponse<byte[]> fetched =
          client.send(
              HttpRequest.newBuilder(URI.create(answer.body())).build(),
              HttpResponse.BodyHandlers.ofByteArray());
      assertThat(fetched.statusCode()).isEqualTo(200);
      assertThat(fetched.body()).isEqualTo(whole);
      assertThat(fetched.headers().firstValue("Content-Type")).hasValue("application/x-tar");
      assertThat(fetched.headers().firstValue("Content-Disposition"))
          .hasValue("attachment; filename=\"demo.ep\"");
      assertThat(fetched.headers().firstValue("Cache-Control")).hasValue("private, no-store");
    }
  }

  private static HttpResponse<String> redirect(HttpRequest.Builder request) throws Exception {
    HttpResponse<String> answer =
        client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(307);
    assertThat(answer.headers().firstValue("Location")).hasValue(answer.body());
    assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
    assertThat(answer.body())
        .startsWith(bucket.endpoint().toString())
        .doesNotContain(S3Server.CREDENTIALS.get("AWS_SECRET_ACCESS_KEY"));
    return answer;
  }

  @Test
  void clientsThatFollowRedirectsGetThePackageAndPartsOfIt() throws Exception {
    try (HttpClient following =
        HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build()) {
      HttpResponse<byte[]> all =
          following.send(
              HttpRequest.newBuilder(uri("/download/" + id)).build(),
              HttpResponse.BodyHandlers.ofByteArray());
      assertThat(all.body()).isEqualTo(whole);
    }
    Path file = folder.resolve("curl.ep");
    String address = uri("/download/" + id).toString();
    curl("-sSfL", "-o", file.toString(), address);
    assertThat(file).hasBinaryContent(whole);
    assertThat(curl("-sSfL", "-r", "257-261", address))
        .isEqualTo(new String(whole, 257, 5, ISO_8859_1));
    assertThat(curl("-sSfIL", address)).containsIgnoringCase("Content-Length: " + whole.length);
  }

  private static String curl(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("curl"));
    command.addAll(List.of(arguments));
    Program.Ended ended = Program.run(new ProcessBuilder(command));
    assertThat(ended.status()).as(ended.errors()).isZero();
    return ended.output();
  }

  private static URI uri(String path) {
    return URI.create(redirecting.url().orElseThrow() + path);
  }

  @Test
  void wrongBytesInTheBucketAreNeverServedAndAreFoundAndMended() throws Exception {
    Path object = bucket.object("a/b/sha256/" + Sha256.of(whole));
    byte[] wrong = whole.clone();
    wrong[wrong.length / 2] ^= 1;
    Files.write(object, wrong);

    HttpResponse<String> refused =
        client.send(
            HttpRequest.newBuilder(uri("/download/" + id)).build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(refused.statusCode()).isEqualTo(500);
    assertThat(refused.body()).contains("The package of build " + id + " is damaged");
    Ended found = raccoon("store", "verify");
    assertThat(found.status()).isEqualTo(1);
    assertThat(found.out())
        .contains("damaged: package " + Sha256.of(whole) + " of build")
        .contains(id)
        .contains(" 1 of them missing or damaged.");

    // Only this node's worker is told of the bytes that it has.
    Reply rebuilt = server.post("/rebuild", "{\"build_id\": \"" + id + "\"}");
    JsonNode mended =
        server.ended(rebuilt.response().get("builds").get(0).get("build_id").stringValue());
    assertThat(mended.get("state").stringValue()).isEqualTo("SUCCEEDED");
    assertThat(object).hasBinaryContent(whole);
    assertThat(raccoon("store", "verify").status()).isZero();
    redirect(HttpRequest.newBuilder(uri("/download/" + id)));
  }

  @Test
  void allIsMovedToAFolderOnceAndMissingOnesAreNamed() throws Exception {
    Path target = folder.resolve("moved");
    Ended moved = raccoon("store", "move", "file:" + target);
    assertThat(moved.status()).as(moved.errors()).isZero();
    assertThat(moved.out())
        .contains(" were copied, 0 were there already, 0 are missing or damaged here.")
        .contains("Now set RACCOON_ARTIFACTS=file:" + target);
    assertThat(FileArtifactStore.beside(target).verify(Sha256.of(whole)).name()).isEqualTo("WHOLE");

    Path lost =
        target
            .resolve("sha256")
            .resolve(Sha256.of(whole).hex().substring(0, 2))
            .resolve(Sha256.of(whole).hex().substring(2));
    Files.delete(lost);
    assertThat(raccoon("store", "move", "file:" + target).out()).startsWith("1 packages and logs");
    assertThat(lost).hasBinaryContent(whole);

    Ended back = raccoon("store", "move", "--from", "file:" + target, "s3://raccoon/other");
    assertThat(back.status()).as(back.errors()).isZero();
    assertThat(bucket.object("other/sha256/" + Sha256.of(whole))).hasBinaryContent(whole);
    assertThat(raccoon("store", "move", "ftp://x").status()).isEqualTo(1);
  }

  @Test
  void whatNoBuildNamesIsToldAndRemovedWhenItIsOldAndAskedFor() throws Exception {
    Path old = orphan("an old orphan", Duration.ofDays(2));
    Path young = orphan("a young one", Duration.ZERO);

    assertThat(raccoon("store", "verify").out())
        .contains("1 that no build names, older than a day, take 13 bytes: --remove-orphans");
    assertThat(old).exists();
    Ended removed = raccoon("store", "verify", "--remove-orphans", "--json");
    assertThat(removed.status()).isZero();
    assertThat(removed.out())
        .contains("{\"what\":\"orphan\",\"state\":\"removed\",\"digest\":\"" + old.getFileName())
        .contains("\"wrong\":0,\"orphans\":1,\"orphan_bytes\":13,\"removed\":1}");
    assertThat(old).doesNotExist();
    assertThat(raccoon("audit").out()).contains("command line as ada", "store.remove_orphans");
    assertThat(young).exists();
    assertThat(server.get("/download/" + id).status()).isEqualTo(200);
  }

  private static Path orphan(String text, Duration age) throws IOException {
    Path object = bucket.object("a/b/sha256/" + Sha256.of(text.getBytes(ISO_8859_1)));
    Files.writeString(object, text);
    Files.setLastModifiedTime(object, FileTime.from(Instant.now().minus(age)));
    return object;
  }

  @Test
  void whileTheBucketIsAwayABuildWaitsAndHealthSaysSo() throws Exception {
    bucket.stop();
    String waiting;
    try {
      Reply health = server.get("/health");
      assertThat(health.status()).isEqualTo(503);
      assertThat(health.text()).contains("artifact_store cannot be written.");
      Reply asked = server.post("/buildAsync", server.request("demo", "[{\"ref\": \"1.1.0\"}]"));
      waiting = asked.response().get("builds").get(0).get("build_id").stringValue();
      JsonNode again =
          Patience.await(() ->
              Optional.of(server.get("/builds/" + waiting).response())
                  .filter(build -> build.get("attempt").intValue() == 1)
                  .filter(build -> build.get("state").stringValue().equals("QUEUED")));
      assertThat(again.get("message").stringValue()).startsWith("Our fault: ");
      assertThat(server.get("/download/" + id).http().body()).isEqualTo(whole);
    } finally {
      bucket.startAgain();
    }
    JsonNode ended = server.ended(waiting);
    assertThat(ended.get("state").stringValue()).isEqualTo("SUCCEEDED");
    assertThat(ended.get("attempt").intValue()).isEqualTo(2);
  }

  private static Ended raccoon(String... arguments) {
    return CommandLine.raccoon(server.settings(), arguments);
  }
}
