package dev.raccoon.egress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.egress.EgressRequest.Outcome;
import dev.raccoon.egress.InsideConnection.Reply;
import dev.raccoon.testing.Patience;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a hostile package, a hostile host and a hostile name server try. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class EgressChecksTest {
  @TempDir private Path folder;
  private EgressFixture fixture;

  @BeforeEach
  void startAProxy() throws Exception {
    fixture = new EgressFixture(folder);
  }

  @AfterEach
  void closeAll() {
    fixture.close();
  }

  @Test
  void aHostThatIsNotAllowedIsBlockedAndNamedAndRecordedAndNeverLookedUp() throws Exception {
    EgressDoor door = fixture.door("github.com");

    Reply reply = InsideConnection.get(door, "http://evil.example/x");
    door.close();

    String sentence =
        "Raccoon does not let builds connect to evil.example: its operator can allow it with"
            + " RACCOON_EGRESS_HOSTS.";
    assertThat(reply.status()).isEqualTo(403);
    assertThat(reply.reason()).isEqualTo(sentence);
    assertThat(reply.body()).isEqualTo(sentence + "\n");
    assertThat(door.blocked()).containsExactly("evil.example");
    assertThat(door.trouble()).contains(new Outcome.Refused(sentence));
    assertThat(fixture.recorded)
        .singleElement()
        .satisfies(request -> {
          assertThat(request.host()).isEqualTo("evil.example");
          assertThat(request.outcome()).isEqualTo(new Outcome.Refused(sentence));
        });
    assertThat(fixture.lookups).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "10.0.0.1",
        "169.254.169.254",
        "192.168.1.1",
        "::1",
        "::ffff:127.0.0.1",
        "fd00::1",
        "64:ff9b::a9fe:a9fe"
      })
  void aNameOfAPrivateAddressIsBlockedForRequestsAndTunnels(String address) throws Exception {
    fixture.addresses.put("inside.example", address);
    EgressDoor door = fixture.door("any");

    assertThat(InsideConnection.get(door, "http://inside.example/").body())
        .isEqualTo(
            "Raccoon does not let builds connect to inside.example: it has a private address, and"
                + " only public ones may be connected to.\n");
    try (InsideConnection tunnel = new InsideConnection(door)) {
      tunnel.send("CONNECT inside.example:443 HTTP/1.1\r\nHost: inside.example\r\n\r\n");
      assertThat(tunnel.head().status()).isEqualTo(403);
    }
    assertThat(door.blocked()).containsExactly("inside.example");
  }

  @Test
  void aNameIsLookedUpOnceSoThatASecondAnswerChangesNothing() throws Exception {
    fixture.origin.at("/", HttpsOrigin.text("inside"));
    // The first answer is public, and nobody is there; the next would be this machine.
    fixture.addresses.put("rebind.example", "2001:200::dead");
    EgressDoor door = fixture.door("any");
    fixture.afterLookup("rebind.example", "127.0.0.1");

    Reply reply = InsideConnection.get(door, "http://rebind.example/");

    assertThat(reply.status()).isEqualTo(502);
    assertThat(reply.body()).isEqualTo("rebind.example could not be connected to at port 443.\n");
    assertThat(fixture.lookups).containsExactly("rebind.example");
    assertThat(fixture.origin.seen).isEmpty();
    // And that next answer is refused when it is the answer to a look-up.
    assertThat(InsideConnection.get(door, "http://rebind.example/").status()).isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://2130706433/",
        "http://0177.0.0.1/",
        "http://localhost./"
      })
  void aRedirectIsTheClientsToFollowAndIsCheckedLikeAnyOther(String elsewhere) throws Exception {
    fixture.origin.at(
        "/",
        exchange -> {
          exchange.getResponseHeaders().set("Location", elsewhere);
          exchange.sendResponseHeaders(302, -1);
        });
    EgressDoor door = fixture.door("any,origin.example:" + fixture.origin.port());

    Reply reply = InsideConnection.get(door, fixture.url("/"));

    assertThat(reply.status()).isEqualTo(302);
    assertThat(reply.headers()).containsEntry("location", elsewhere);
    assertThat(InsideConnection.get(door, elsewhere).status()).isEqualTo(403);
    assertThat(fixture.lookups).containsExactly("origin.example");
  }

  @Test
  void aCertificateOfAnotherHostIsRefused() throws Exception {
    fixture.origin.at("/", HttpsOrigin.text("x"));
    EgressDoor door = fixture.door();

    Reply reply = InsideConnection.get(door, "http://other.example:" + fixture.origin.port() + "/");

    assertThat(reply.status()).isEqualTo(502);
    assertThat(reply.body()).startsWith("The certificate of other.example is not trusted here: ");
    assertThat(fixture.origin.seen).isEmpty();
  }

  @Test
  void aHostWithoutAnAddressOrWithoutAServerIsToldAsSuch() throws Exception {
    EgressDoor door = fixture.door("none.example,origin.example:1");

    assertThat(InsideConnection.get(door, "http://none.example/").body())
        .isEqualTo("The host none.example has no address: is its name right?\n");
    assertThat(InsideConnection.get(door, "http://origin.example:1/").body())
        .isEqualTo("origin.example could not be connected to at port 1.\n");
    assertThat(door.blocked()).isEmpty();
  }

  @Test
  void whatMayBeOverTheNextTimeIsToldFromWhatWillNot() throws Exception {
    fixture.addresses.put("unknown.example", "unknown");
    fixture.origin.at("/cut", exchange -> exchange.sendResponseHeaders(200, 10));
    EgressDoor door =
        fixture.door(
            "none.example,unknown.example,origin.example:1,other.example:" + fixture.origin.port());
    try (EgressDoor away = fixture.door("origin.example:1");
        EgressDoor cut = fixture.door()) {
      InsideConnection.get(door, "http://none.example/");
      InsideConnection.get(door, "http://evil.example/");
      InsideConnection.get(door, "http://other.example:" + fixture.origin.port() + "/");
      assertThat(door.isTroubleTemporary()).isFalse();

      InsideConnection.get(door, "http://unknown.example/");
      InsideConnection.get(away, "http://origin.example:1/");
      InsideConnection.get(cut, fixture.url("/cut"));
      for (EgressDoor each : new EgressDoor[] {door, away, cut}) {
        Patience.await(() -> each.isTroubleTemporary() ? Optional.of(true) : Optional.empty());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "PROPFIND", "BREW"})
  void otherMethodsAreRefused(String method) throws Exception {
    fixture.origin.at("/", HttpsOrigin.text("x"));
    try (InsideConnection connection = new InsideConnection(fixture.door())) {
      connection.send(method + " " + fixture.url("/") + " HTTP/1.1\r\nHost: x\r\n\r\n");

      assertThat(connection.head().status()).isEqualTo(403);
    }
    assertThat(fixture.origin.seen).isEmpty();
  }

  @Test
  void aMethodIsRecordedByItsBeginning() throws Exception {
    try (EgressDoor door = fixture.door();
        InsideConnection connection = new InsideConnection(door)) {
      connection.send("M".repeat(3_000) + " " + fixture.url("/") + " HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(connection.head().status()).isEqualTo(403);
    }
    Patience.await(() -> fixture.recorded.stream().findFirst());
    assertThat(fixture.recorded.getFirst().method()).isEqualTo("M".repeat(20));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Host: a\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcd",
        "Host: a\r\nContent-Length: +4\r\n\r\nabcd",
        "Host: a\r\nContent-Length: -1\r\n\r\n",
        "Host: a\r\nHost: b\r\nContent-Length: 0\r\n\r\n",
        "Host: a\r\nTransfer-Encoding: chunked\r\n\r\n0x3\r\nabc\r\n0\r\n\r\n",
        "Host: a\r\nTransfer-Encoding: chunked\r\n\r\n-3\r\nabc\r\n0\r\n\r\n",
        "Host: a\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nabc\r\n0\r\n\r\n",
        "Host: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcde\r\n0\r\n\r\n",
        "Host: a\r\nTransfer-Encoding: xchunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        "Host: a\nContent-Length: 0\n\n",
        "Host: a\r\nContent-Length : 3\r\n\r\nabc",
        "Host: a\r\nX: a\rb\r\nContent-Length: 0\r\n\r\n",
        "Host: a\r\nX: a\0b\r\nContent-Length: 0\r\n\r\n"
      })
  void aRequestThatTwoServersCouldReadDifferentlyIsAnsweredByNeither(String rest) throws Exception {
    fixture.origin.at("/", HttpsOrigin.echo());
    try (EgressDoor door = fixture.door();
        InsideConnection connection = new InsideConnection(door)) {
      connection.send("POST " + fixture.url("/") + " HTTP/1.1\r\n" + rest);
      connection.channel.shutdownOutput();

      assertThat(answer(connection)).isNotEqualTo(200);
    }
    // Nothing of it became a second request either.
    assertThat(fixture.recorded).hasSizeLessThan(2);
    assertThat(fixture.origin.seen).hasSizeLessThan(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1",
        "GET http://github.com/ HTTP/9.9",
        "nonsense",
        "\u0016\u0003\u0001"
      })
  void whatIsNoRequestToAProxyIsNotPassedOn(String line) throws Exception {
    try (EgressDoor door = fixture.door("any");
        InsideConnection connection = new InsideConnection(door)) {
      connection.send(line + "\r\nHost: x\r\n\r\n");
      connection.channel.shutdownOutput();

      assertThat(answer(connection)).isNotEqualTo(200);
    }
    assertThat(fixture.lookups).isEmpty();
  }

  @Test
  void aHeadWithoutEndIsNotRead() throws Exception {
    try (EgressDoor door = fixture.door("any");
        InsideConnection lines = new InsideConnection(door);
        InsideConnection headers = new InsideConnection(door)) {
      lines.send("GET http://github.com/" + "x".repeat(20_000) + " HTTP/1.1\r\nHost: x\r\n\r\n");
      headers.send("GET http://github.com/ HTTP/1.1\r\nHost: x\r\n");
      headers.send(("X: " + "y".repeat(1_000) + "\r\n").repeat(40) + "\r\n");

      assertThat(answer(lines)).isEqualTo(400);
      assertThat(answer(headers)).isEqualTo(400);
      assertThat(door.trouble())
          .contains(new Outcome.Refused("This is no request that Raccoon's proxy can read."));
    }
    assertThat(fixture.lookups).isEmpty();
  }

  /** The status of what came; 0 when the connection was closed without. */
  private static int answer(InsideConnection connection) {
    try {
      return connection.head().status();
    } catch (IOException e) {
      return 0;
    }
  }
}
