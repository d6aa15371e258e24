package dev.raccoon.coon;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.raccoon.http.RawClient;
import dev.raccoon.testing.Patience;
import dev.raccoon.testing.TestServer;
import dev.raccoon.value.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A package file over HTTP: whole, in parts, or not at all where the client has it. */
class DownloadTest {
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  @TempDir static Path folder;
  private static TestServer server;
  private static String path;
  private static byte[] whole;
  private static String digest;

  @BeforeAll
  static void build() throws Exception {
    server = TestServer.start(folder);
    assumeTrue(
        !server.server().installations().all().isEmpty(), "there is no Erlang/OTP on this machine");
    assumeTrue(server.server().sandboxTrouble().isEmpty(), "there is no sandbox on this machine");
    var build = server.build("demo", "[{\"ref\": \"1.0.0\"}]").getFirst();
    path = build.get("artifact_path").stringValue();
    whole = server.get(path).http().body();
    digest = Sha256.of(whole).hex();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void isNamedAndDigested() throws IOException {
    RawClient.Reply reply = get();
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.header("ETag")).hasValue("\"" + digest + "\"");
    String base64 = Base64.getEncoder().encodeToString(HexFormat.of().parseHex(digest));
    assertThat(reply.header("Repr-Digest")).hasValue("sha-256=:" + base64 + ":");
    assertThat(reply.header("Content-Disposition")).hasValue("attachment; filename=\"demo.ep\"");
    assertThat(reply.header("Content-Type")).hasValue("application/x-tar");
    assertThat(reply.header("Accept-Ranges")).hasValue("bytes");
    assertThat(reply.header("X-Content-Type-Options")).hasValue("nosniff");
    assertThat(reply.header("Content-Length")).hasValue(Integer.toString(whole.length));
  }

  @Test
  void headIsTheSameWithoutTheBytes() throws IOException {
    try (RawClient client = client()) {
      client.send("HEAD " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nRange: bytes=0-1\r\n\r\n");
      RawClient.Reply head = client.replyWithoutBody();
      assertThat(head.status()).isEqualTo(200);
      assertThat(head.header("Content-Length")).hasValue(Integer.toString(whole.length));
      assertThat(head.header("ETag")).isEqualTo(get().header("ETag"));
      assertThat(client.send(request()).reply().status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0-0, 0, 1",
    "0-511, 0, 512",
    "1000-1999, 1000, 2000",
    "512-, 512, -1",
    "-512, -512, -1",
    "100-99999999, 100, -1"
  })
  void aRangeIsThosePreciseBytes(String range, int from, int to) throws IOException {
    int first = from < 0 ? whole.length + from : from;
    int end = to < 0 ? whole.length : to;
    RawClient.Reply reply = get("Range: bytes=" + range);
    assertThat(reply.status()).isEqualTo(206);
    assertThat(reply.header("Content-Range"))
        .hasValue("bytes " + first + "-" + (end - 1) + "/" + whole.length);
    assertThat(reply.body().getBytes(ISO_8859_1)).isEqualTo(Arrays.copyOfRange(whole, first, end));
  }

  @Test
  void aRangeBehindTheEndIsA416() throws IOException {
    RawClient.Reply reply = get("Range: bytes=99999999-");
    assertThat(reply.status()).isEqualTo(416);
    assertThat(reply.header("Content-Range")).hasValue("bytes */" + whole.length);
    assertThat(reply.body()).startsWith("{\"result\":false,\"response\":\"");
    assertThat(reply.header("Content-Disposition")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=0-1,5-6", "lines=0-1", "bytes=x"})
  void anyOtherRangeIsTheWhole(String range) throws IOException {
    assertThat(get("Range: " + range).body().getBytes(ISO_8859_1)).isEqualTo(whole);
  }

  @Test
  void aRangeCountsOnlyWhileTheBytesAreTheSame() throws IOException {
    assertThat(get("Range: bytes=0-1", "If-Range: \"" + digest + "\"").status()).isEqualTo(206);
    assertThat(get("Range: bytes=0-1", "If-Range: \"other\"").status()).isEqualTo(200);
  }

  @Test
  void whoHasItGetsA304() throws IOException {
    try (RawClient client = client()) {
      for (String tag :
          List.of("\"" + digest + "\"", "W/\"" + digest + "\"", "*", "\"x\", \"" + digest + "\"")) {
        RawClient.Reply reply = client.send(request("If-None-Match: " + tag)).replyWithoutBody();
        assertThat(reply.status()).isEqualTo(304);
        assertThat(reply.header("ETag")).hasValue("\"" + digest + "\"");
        assertThat(reply.header("Content-Length")).isNotEqualTo(Optional.of("0"));
      }
      assertThat(client.send(request("If-None-Match: \"x\"")).reply().status()).isEqualTo(200);
    }
  }

  @Test
  void twoHundredClientsAtOnceAllGetIt() throws Exception {
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<String> download = () -> get().body();
      List<Future<String>> all = clients.invokeAll(java.util.Collections.nCopies(200, download));
      for (Future<String> one : all) {
        assertThat(Sha256.of(one.get().getBytes(ISO_8859_1)).hex()).isEqualTo(digest);
      }
    }
  }

  @Test
  void clientsThatGoAwayInTheMiddleLeaveNothingOpen() throws Exception {
    long before = descriptors();
    for (int i = 0; i < 100; i++) {
      try (RawClient client = client()) {
        client.send(request().repeat(20)).bytes(100);
      }
    }
    assertThat(Patience.await(() -> Optional.of(descriptors()).filter(now -> now <= before + 2)))
        .isPositive();
  }

  private static RawClient.Reply get(String... headers) throws IOException {
    try (RawClient client = client()) {
      return client.send(request(headers)).reply();
    }
  }

  private static String request(String... headers) {
    String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
    return "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + more + "\r\n";
  }

  private static RawClient client() throws IOException {
    return new RawClient(server.uri("/").getPort());
  }

  private static long descriptors() {
    try (Stream<Path> open = Files.list(DESCRIPTORS)) {
      return open.count();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
