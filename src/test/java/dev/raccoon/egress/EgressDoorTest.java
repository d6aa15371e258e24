package dev.raccoon.egress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.egress.EgressRequest.Outcome;
import dev.raccoon.egress.InsideConnection.Reply;
import dev.raccoon.testing.Patience;
import dev.raccoon.value.Sha256;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
class EgressDoorTest {
  @TempDir private Path folder;
  private EgressFixture fixture;
  private EgressDoor door;

  @BeforeEach
  void openADoor() throws Exception {
    fixture = new EgressFixture(folder);
    door = fixture.door();
  }

  @AfterEach
  void closeAll() {
    fixture.close();
  }

  @Test
  void aRequestInPlainHttpGoesOutAsHttpsAndIsRecordedWithItsDigest() throws Exception {
    fixture.origin.at("/a", HttpsOrigin.text("hello"));

    Reply reply = InsideConnection.get(door, fixture.url("/a?b=c"));
    door.close();

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body()).isEqualTo("hello");
    assertThat(fixture.origin.seen).containsExactly("GET /a?b=c");
    assertThat(fixture.recorded)
        .singleElement()
        .satisfies(request -> {
          assertThat(request.method()).isEqualTo("GET");
          assertThat(request.host()).isEqualTo("origin.example:" + fixture.origin.port());
          assertThat(request.path()).isEqualTo("/a?b=c");
          assertThat(request.outcome()).isEqualTo(new Outcome.Answered(200));
          assertThat(request.bytesOut()).isZero();
          assertThat(request.bytesIn()).isEqualTo(5);
          assertThat(request.digest()).contains(Sha256.of("hello".getBytes(UTF_8)));
        });
  }

  @Test
  void bodiesGoOutWithTheirLengthAndInChunksAndAfterA100() throws Exception {
    fixture.origin.at("/", HttpsOrigin.echo());
    String post = "POST " + fixture.url("/") + " HTTP/1.1\r\nHost: x\r\n";
    try (InsideConnection connection = new InsideConnection(door)) {
      connection.send(post + "Content-Length: 3\r\n\r\nabc");
      assertThat(connection.reply().body()).isEqualTo("abc");

      connection.send(post + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
      assertThat(connection.reply().body()).isEqualTo("abcde");

      connection.send(post + "Content-Length: 5\r\nExpect: 100-continue\r\n\r\n");
      assertThat(connection.head().status()).isEqualTo(100);
      connection.send("fghij");
      assertThat(connection.reply().body()).isEqualTo("fghij");
    }
    door.close();

    assertThat(fixture.recorded).extracting(EgressRequest::bytesOut).containsExactly(3L, 5L, 5L);
  }

  @Test
  void aLongBodyComesBackWhole() throws Exception {
    byte[] body = new byte[8 << 20];
    new java.util.Random(1).nextBytes(body);
    fixture.origin.at(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write(body);
        });

    Reply reply = InsideConnection.get(door, fixture.url("/"));
    door.close();

    assertThat(Sha256.of(reply.body().getBytes(java.nio.charset.StandardCharsets.ISO_8859_1)))
        .isEqualTo(Sha256.of(body));
    assertThat(fixture.recorded.getFirst().digest()).contains(Sha256.of(body));
  }

  @Test
  void headAnd304HaveNoBodyAndNoDigest() throws Exception {
    fixture.origin.at(
        "/head",
        exchange -> {
          exchange.getResponseHeaders().set("Content-Length", "12345");
          exchange.sendResponseHeaders(200, -1);
        });
    fixture.origin.at("/304", exchange -> exchange.sendResponseHeaders(304, -1));
    try (InsideConnection connection = new InsideConnection(door)) {
      connection.send("HEAD " + fixture.url("/head") + " HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(connection.head().headers()).containsEntry("content-length", "12345");

      connection.send("GET " + fixture.url("/304") + " HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(connection.head().status()).isEqualTo(304);
    }
    door.close();

    assertThat(fixture.recorded)
        .extracting(EgressRequest::digest)
        .containsExactly(Optional.empty(), Optional.empty());
  }

  @Test
  void credentialsFromInsideAndHeadersOfOneConnectionStayInside() throws Exception {
    fixture.origin.at(
        "/",
        exchange -> {
          exchange.getResponseHeaders().set("X-Answer", "kept");
          HttpsOrigin.answer(
              exchange, 200, exchange.getRequestHeaders().entrySet().toString().getBytes(UTF_8));
        });
    String authority = "origin.example:" + fixture.origin.port();
    try (InsideConnection connection = new InsideConnection(door)) {
      Reply reply =
          connection
              .send(
                  "GET http://ada:secret@"
                      + authority
                      + "/ HTTP/1.1\r\nHost: elsewhere.example\r\nAuthorization: Basic secret\r\n"
                      + "Proxy-Authorization: Basic secret\r\nCookie: secret\r\n"
                      + "Connection: X-Secret, keep-alive\r\nX-Secret: secret\r\nTE: trailers\r\n"
                      + "Git-Protocol: version=2\r\nAccept-Encoding: gzip\r\n\r\n")
              .reply();

      assertThat(reply.body())
          .contains("Host=[" + authority + "]", "Git-protocol=[version=2]", "[gzip]")
          .doesNotContain("secret")
          .doesNotContain("elsewhere")
          .doesNotContainIgnoringCase("Te=[");
      assertThat(reply.headers()).containsEntry("x-answer", "kept");
    }
  }

  @Test
  void aTunnelLeadsToTheHostUnderTheSameRules() throws Exception {
    fixture.origin.at("/", HttpsOrigin.text("through a tunnel"));
    String authority = "origin.example:" + fixture.origin.port();
    try (InsideConnection connection = new InsideConnection(door)) {
      connection.send("CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n\r\n");
      assertThat(connection.head().status()).isEqualTo(200);
      // A server that speaks TLS answers anything else with an alert (RFC 8446, 6).
      connection.send("this is no TLS\r\n\r\n");
      assertThat(connection.in().read()).isEqualTo(0x15);
      assertThat(connection.rest()).isPositive();
    }
    Patience.await(() -> fixture.recorded.stream().findFirst());

    assertThat(fixture.recorded)
        .singleElement()
        .satisfies(request -> {
          assertThat(request.method()).isEqualTo("CONNECT");
          assertThat(request.outcome()).isEqualTo(new Outcome.Answered(200));
          assertThat(request.bytesOut()).isEqualTo(18);
          assertThat(request.bytesIn()).isPositive();
          assertThat(request.digest()).isEmpty();
        });
  }

  @Test
  void eachDoorsRequestsAreItsOwn() throws Exception {
    fixture.origin.at("/", HttpsOrigin.text("x"));
    try (EgressDoor other = fixture.proxy.open(EgressFixture.rules("github.com", ""), r -> {})) {
      assertThat(InsideConnection.get(other, fixture.url("/")).status()).isEqualTo(403);
      assertThat(InsideConnection.get(door, fixture.url("/")).status()).isEqualTo(200);
      assertThat(other.blocked()).containsExactly("origin.example:" + fixture.origin.port());
      assertThat(door.blocked()).isEmpty();
    }
  }

  @Test
  void theSocketIsItsOwnersAndGoesWithTheDoor() throws Exception {
    Path socket = door.socket();

    assertThat(socket).exists().hasParent(folder.resolve("egress"));
    assertThat(Files.getPosixFilePermissions(folder.resolve("egress")))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    door.close();
    assertThat(socket).doesNotExist();
  }

  @Test
  void aFolderThatIsTooLongForASocketsPathIsNoObstacle() throws Exception {
    Path deep = folder.resolve("x".repeat(120));
    try (EgressFixture other = new EgressFixture(deep);
        EgressDoor short_ = other.door()) {
      other.origin.at("/", HttpsOrigin.text("x"));

      assertThat(InsideConnection.get(short_, other.url("/")).status()).isEqualTo(200);
      assertThat(Files.getPosixFilePermissions(short_.socket().resolveSibling("")))
          .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    }
  }

  @Test
  void aDoorOnLoopbackNeedsItsPassword() throws Exception {
    fixture.origin.at("/", HttpsOrigin.text("x"));
    try (LoopbackDoor loopback =
        fixture.proxy.openOnLoopback(
            EgressFixture.rules("origin.example:" + fixture.origin.port(), ""),
            fixture.proxy.account(fixture.recorded::add))) {
      assertThat(Curl.through(loopback.proxyUrl(), fixture.url("/"))).isEqualTo("200 x");
      assertThat(
              Curl.through(
                  loopback.proxyUrl().replaceFirst(":[0-9a-f]+@", ":x@"), fixture.url("/")))
          .isEqualTo("407 This proxy is not for you.\n");
      assertThat(Curl.through("http://127.0.0.1:" + loopback.door().port(), fixture.url("/")))
          .startsWith("407 ");
    }
    assertThat(fixture.recorded).hasSize(1);
  }
}
