package dev.raccoon.egress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.raccoon.cache.FileCache;
import dev.raccoon.config.Settings;
import dev.raccoon.egress.EgressRequest.Outcome;
import dev.raccoon.egress.InsideConnection.Reply;
import dev.raccoon.value.Sha256;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An operator's mirror of Hex behind real doors. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class HexMirrorTest {
  private static final String TARBALL = "/tarballs/a-1.0.0.tar";

  @TempDir private Path folder;
  private EgressFixture fixture;
  private final List<String> answers = new CopyOnWriteArrayList<>();
  private final List<String> credentials = new CopyOnWriteArrayList<>();
  private final ConcurrentHashMap<String, String> files = new ConcurrentHashMap<>();
  private boolean tags = true;

  @BeforeEach
  void startAMirror() throws Exception {
    fixture = new EgressFixture(folder);
    fixture.origin.at("/mirror/", this::answer);
    files.put(TARBALL, "bytes");
  }

  private void answer(HttpExchange exchange) throws IOException {
    credentials.add(Objects.toString(exchange.getRequestHeaders().getFirst("Authorization"), ""));
    String text = files.get(exchange.getRequestURI().getPath().substring("/mirror".length()));
    String tag = "W/\"" + text + "\"";
    if (text != null && tags) {
      exchange.getResponseHeaders().set("ETag", tag);
    }
    if (text == null) {
      reply(exchange, 404, "a page of the mirror's own");
    } else if (tag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
      answers.add("304");
      exchange.sendResponseHeaders(304, -1);
    } else {
      reply(exchange, text.equals("trouble") ? 503 : 200, text);
    }
  }

  private void reply(HttpExchange exchange, int status, String text) throws IOException {
    answers.add(Integer.toString(status));
    HttpsOrigin.answer(exchange, status, text.getBytes(UTF_8));
  }

  @AfterEach
  void closeAll() {
    fixture.close();
  }

  private Path cache() {
    return folder.resolve("cache");
  }

  private EgressDoor door() throws Exception {
    return fixture.proxy.open(rules(), fixture.recorded::add);
  }

  private EgressRules rules() throws IOException {
    String url = "https://me:secret@origin.example:" + fixture.origin.port() + "/mirror";
    HexMirror mirror =
        new HexMirror(
            new Settings.HexMirror(url, Optional.empty()),
            new FileCache(cache(), 1000, Clock.systemUTC()));
    return EgressFixture.rules("github.com", "").with(mirror);
  }

  private static Reply get(EgressDoor door, String path) throws IOException {
    return InsideConnection.get(door, "http://" + HexMirror.HOST + path);
  }

  private static Reply get(EgressDoor door, String path, String header) throws IOException {
    try (InsideConnection connection = new InsideConnection(door)) {
      String url = "http://" + HexMirror.HOST + path;
      return connection
          .send("GET " + url + " HTTP/1.1\r\nHost: x\r\n" + header + "\r\n\r\n")
          .reply();
    }
  }

  @Test
  void aTarballComesFromTheMirrorOnceAndThenFromTheCache() throws Exception {
    for (int build = 0; build < 2; build++) {
      try (EgressDoor door = door()) {
        Reply reply = get(door, TARBALL);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).isEqualTo("bytes");
        assertThat(reply.headers().get("etag"))
            .isEqualTo("\"" + Sha256.of("bytes".getBytes(UTF_8)) + "\"");
      }
    }

    assertThat(answers).containsExactly("200", "304");
    assertThat(credentials).allMatch(sent -> sent.startsWith("Basic "));
    assertThat(fixture.recorded)
        .hasSize(2)
        .allSatisfy(request -> {
          assertThat(request.host()).isEqualTo(HexMirror.HOST);
          assertThat(request.outcome()).isEqualTo(new Outcome.Answered(200));
          assertThat(request.bytesIn()).isEqualTo(5);
          assertThat(request.digest()).contains(Sha256.of("bytes".getBytes(UTF_8)));
        });
  }

  @Test
  void whatTheMirrorChangedIsFetchedAgain() throws Exception {
    try (EgressDoor door = door()) {
      get(door, TARBALL);
      files.put(TARBALL, "other");

      assertThat(get(door, TARBALL).body()).isEqualTo("other");
      files.remove(TARBALL);
      Reply gone = get(door, TARBALL);
      assertThat(gone.status()).isEqualTo(404);
      assertThat(gone.body()).doesNotContain("page of the mirror's own");
    }
  }

  @Test
  void aMirrorWithoutVersionsOfHexItselfHasNoNewerOne() throws Exception {
    try (EgressDoor door = door()) {
      Reply none = get(door, "/installs/hex-1.x.csv");
      assertThat(none.status()).isEqualTo(200);
      assertThat(none.body()).isEmpty();
      assertThat(get(door, "/installs/hex-1.x.csv.signed").status()).isEqualTo(404);

      files.put("/installs/hex-1.x.csv", "2.1.0,digest,1.14.0");
      assertThat(get(door, "/installs/hex-1.x.csv").body()).startsWith("2.1.0");
    }
  }

  @Test
  void aDamagedFileOfTheCacheIsFetchedAgain() throws Exception {
    try (EgressDoor door = door()) {
      get(door, TARBALL);
      try (DirectoryStream<Path> kept = Files.newDirectoryStream(cache())) {
        for (Path file : kept) {
          Files.writeString(file, "wrong");
        }
      }

      assertThat(get(door, TARBALL).body()).isEqualTo("bytes");
    }
    assertThat(answers).containsExactly("200", "200");
  }

  @Test
  void whatHasNoETagGetsOneAndIsNotKept() throws Exception {
    tags = false;
    try (EgressDoor door = door()) {
      Reply first = get(door, TARBALL);
      assertThat(first.headers()).containsKey("etag");
      get(door, TARBALL);
    }
    assertThat(answers).containsExactly("200", "200");
    assertThat(cache()).isEmptyDirectory();
  }

  @Test
  void aClientThatHasItAlreadyIsToldSo() throws Exception {
    try (EgressDoor door = door()) {
      String tag = get(door, TARBALL).headers().get("etag");

      assertThat(get(door, TARBALL, "If-None-Match: " + tag).status()).isEqualTo(304);
      assertThat(get(door, TARBALL, "If-None-Match:").status()).isEqualTo(200);
      assertThat(get(door, TARBALL, "Range: bytes=0-1").body())
          .as("no build decides what is kept")
          .isEqualTo("bytes");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /",
        "GET /api/packages/a",
        "GET /packages",
        "GET /packages/a?b",
        "GET /packages/a%62",
        "GET /tarballs/a/b/c/d",
        "GET /namesx",
        "POST /tarballs/a-1.0.0.tar"
      })
  void nothingElseOfTheMirrorsIsReached(String request) throws Exception {
    String[] parts = request.split(" ", 2);
    try (EgressDoor door = door();
        InsideConnection connection = new InsideConnection(door)) {
      String url = "http://" + HexMirror.HOST + parts[1];
      Reply reply =
          connection
              .send(parts[0] + " " + url + " HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
              .reply();
      assertThat(reply.status()).isEqualTo(403);
    }
    assertThat(answers).isEmpty();
  }

  @Test
  void thereIsNoTunnelToIt() throws Exception {
    try (EgressDoor door = door();
        InsideConnection connection = new InsideConnection(door)) {
      String to = HexMirror.HOST + ":443";
      assertThat(
              connection
                  .send("CONNECT " + to + " HTTP/1.1\r\nHost: " + to + "\r\n\r\n")
                  .reply()
                  .status())
          .isEqualTo(403);
    }
  }

  @Test
  void aMirrorInTroubleIsTemporary() throws Exception {
    files.put(TARBALL, "trouble");
    try (EgressDoor door = door()) {
      assertThat(get(door, TARBALL).status()).isEqualTo(502);
      assertThat(door.isTroubleTemporary()).isTrue();
    }
  }

  @Test
  void bytesOutOfTheCacheCountAsAnyOthers() throws Exception {
    try (EgressDoor door = door()) {
      get(door, TARBALL);
    }
    EgressLimits few =
        new EgressLimits(
            4,
            EgressFixture.USUAL.head(),
            EgressFixture.USUAL.connect(),
            EgressFixture.USUAL.idle(),
            EgressFixture.USUAL.request(),
            4);
    try (EgressFixture tight = new EgressFixture(folder.resolve("tight"), few)) {
      try (EgressDoor door = tight.proxy.open(rules(), request -> {})) {
        try (InsideConnection connection = new InsideConnection(door)) {
          connection.send(
              "GET http://" + HexMirror.HOST + TARBALL + " HTTP/1.1\r\nHost: x\r\n\r\n");
          assertThat(connection.rest()).as("no answer, or one that says why").isLessThan(1000);
        }
        Reply after = get(door, TARBALL);
        assertThat(after.status()).isEqualTo(403);
        assertThat(after.body()).contains("4 bytes at most");
      }
    }
  }
}
