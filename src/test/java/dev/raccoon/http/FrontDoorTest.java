package dev.raccoon.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.config.Clients;
import dev.raccoon.value.AddressRange;
import dev.raccoon.value.RequestRate;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused before any route is looked for, over real connections. */
class FrontDoorTest {
  @TempDir private Path folder;

  private final List<Route> routes =
      List.of(
          Route.get("/a", exchange -> Answer.text(200, "a")),
          Route.get("/a/:id", exchange -> Answer.text(200, "id " + exchange.id())),
          Route.get("/file", exchange -> file()),
          Route.get(
              "/page",
              exchange ->
                  Answer.text(200, "x").with("Content-Security-Policy", SecurityHeaders.PAGE)),
          Route.post("/get", exchange -> Answer.text(200, "got")),
          Route.post("/build", exchange -> Answer.text(200, "built")));

  private Answer file() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "bytes");
    return new Answer.StoredFile(FileChannel.open(file), "application/x-tar", "etag", Map.of());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/x/../a",
        "/a/..",
        "/a/.",
        "/./a",
        "//a",
        "/a//b",
        "/a//",
        "/%61",
        "/a/%2e%2e",
        "/a/%2E%2e/a",
        "/a/x%2fy",
        "/a/x%2Fy",
        "/a/x%5cy",
        "/a/x\\y",
        "/a/x%00",
        "/a/%252e%252e",
        "/a/x%0d%0aX:y",
        "/a/%c0%ae%c0%ae",
        "/a/%e0%80%af",
        "/a/%ff",
        "/a/%ed%a0%80",
        "/a;x=y",
        "/a/x;y",
        "/a/x%3by",
        "/a/x%3fy",
        "/a/x%23y",
        "/a/%7f",
        "/A",
        "/a%20",
      })
  void aPathThatCanBeReadInAnotherWayLeadsNowhere(String path) throws IOException {
    RawClient.Reply reply =
        ask(TestWeb.http("127.0.0.1", Optional.empty(), Clients.USUAL), get(path));
    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.body()).contains("There is nothing at this path.");
  }

  @ParameterizedTest
  @CsvSource({
    "/a/x%,not percent-encoded",
    "/a/%2,not percent-encoded",
    "/a/%zz,not percent-encoded",
    "/a/%u002e,not percent-encoded",
    "/a/\u00e9,not percent-encoded",
    "/a/x#y,has a # in it",
    "/a?b=c#d,has a # in it",
    "a,must be a path",
    "*,must be a path",
    "http://other/a,must be a path",
    "ftp://x/a,must be a path",
    "http://x,must be a path",
    "http://user@x/a,must be a path",
  })
  void anAddressThatIsNoneIsRefusedAsSuch(String target, String sentence) throws IOException {
    RawClient.Reply reply = ask(usual(), get(target));
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.body()).contains(sentence);
  }

  @ParameterizedTest
  @CsvSource({
    "/a,a",
    "/a/,a",
    "http://x/a,a",
    "HTTP://X/a,a",
    "/a/x%2By,id x+y",
    "/a/x+y,id x+y",
    "/a/x%20y,id x y",
    "/a/~a_b.c-d:e@f,id ~a_b.c-d:e@f",
    "/a/...,id ...",
    "/a/%C3%A9,id \u00c3\u00a9"
  })
  void aPlainOneIsFound(String target, String body) throws IOException {
    RawClient.Reply reply = ask(usual(), get(target));
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body()).isEqualTo(body);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | has no Host header",
        "Host: x~Host: x | more than one Host header",
        "Host: x~Host: y | more than one Host header",
        "Host: | is not a host's name",
        "Host: a b | is not a host's name",
        "Host: x:y | is not a host's name",
        "Host: x/y | is not a host's name",
        "Host: u@x | is not a host's name",
        "Host: ::1 | is not a host's name",
        "Host: x,y | is not a host's name",
      })
  void aRequestNamesOneHost(String headers, String sentence) throws IOException {
    String lines = headers.isEmpty() ? "" : headers.replace("~", "\r\n") + "\r\n";
    RawClient.Reply reply = ask(usual(), "GET /a HTTP/1.1\r\n" + lines + "\r\n");
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.body()).contains(sentence);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "x:80", "[::1]:8080", "127.0.0.1", "a_b-c.d", "X."})
  void everyHostThatIsOneIsTaken(String host) throws IOException {
    assertThat(ask(usual(), "GET /a HTTP/1.1\r\nHost: " + host + "\r\n\r\n").status())
        .isEqualTo(200);
  }

  @Test
  void tooManyFieldsAreRefused() throws IOException {
    String fields = "X-A: b\r\n".repeat(RequestHead.MAX_FIELDS);
    assertThat(ask(usual(), "GET /a HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n").status())
        .isEqualTo(431);
  }

  @ParameterizedTest
  @CsvSource({
    "Sec-Fetch-Site: cross-site",
    "Sec-Fetch-Site: same-site",
    "Sec-Fetch-Site: x",
    "Origin: https://evil.example",
    "Origin: null",
    "Origin: http://x.evil",
    "Origin: x",
    "Origin: http://x:81",
    "Origin:",
  })
  void anotherSitesPageCanOnlyRead(String header) throws IOException {
    for (String method : List.of("POST", "PUT", "DELETE", "PATCH", "BREW")) {
      String head = method + " /get HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer t\r\n";
      RawClient.Reply reply = ask(usual(), head + header + "\r\nContent-Length: 0\r\n\r\n");
      assertThat(reply.status()).isEqualTo(403);
      assertThat(reply.body()).contains("another site's page");
      assertThat(reply.headers().keySet()).noneMatch(name -> name.startsWith("access-control"));
    }
    assertThat(ask(usual(), "GET /a HTTP/1.1\r\nHost: x\r\n" + header + "\r\n\r\n").status())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "Sec-Fetch-Site: same-origin",
    "Sec-Fetch-Site: none",
    "Origin: http://x",
    "Origin: https://X",
    "Origin: https://raccoon.example.org",
  })
  void aPageOfItsOwnCanAskForAnything(String header) throws IOException {
    var http =
        TestWeb.http("127.0.0.1", Optional.of("https://raccoon.example.org/sub"), Clients.USUAL);
    String head = "POST /get HTTP/1.1\r\nHost: x\r\n";
    assertThat(ask(http, head + header + "\r\nContent-Length: 0\r\n\r\n").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /a HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /file HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /file HTTP/1.1\r\nHost: x\r\nIf-None-Match: \"etag\"\r\n\r\n",
        "GET /file HTTP/1.1\r\nHost: x\r\nRange: bytes=99-\r\n\r\n",
        "GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /../a HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
        "POST /get HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999\r\n\r\n",
        "GET /a HTTP/1.1\r\n\r\n",
        "GET /a HTTP/9.9\r\n\r\n",
        "garbage\r\n\r\n",
      })
  void everyAnswerTellsBrowsersToTakeItForWhatItIs(String request) throws IOException {
    var http = TestWeb.http("127.0.0.1", Optional.of("https://x"), Clients.USUAL);
    Map<String, String> headers = ask(http, request).headers();
    assertThat(headers)
        .containsEntry("content-security-policy", SecurityHeaders.NOTHING)
        .containsEntry("x-content-type-options", "nosniff")
        .containsEntry("x-frame-options", "DENY")
        .containsEntry("referrer-policy", "no-referrer")
        .containsEntry("cross-origin-resource-policy", "same-origin")
        .containsEntry("strict-transport-security", "max-age=31536000");
    assertThat(headers.keySet()).noneMatch(name -> name.startsWith("access-control"));
  }

  @Test
  void aPageSaysItsOwnPolicyAndPlainHttpPromisesNoHttps() throws IOException {
    Map<String, String> headers = ask(usual(), get("/page")).headers();
    assertThat(headers).containsEntry("content-security-policy", SecurityHeaders.PAGE);
    assertThat(headers).doesNotContainKey("strict-transport-security");
  }

  @Test
  void whoAsksForTooManyBuildsIsToldWhenToComeBack() throws IOException {
    Clients few = clients("off", "2/h", 100, 100);
    try (WebServer web = TestWeb.start(routes, Timeouts.USUAL, few);
        RawClient client = new RawClient(web.port())) {
      String slash = "POST /build/ HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n";
      String build = "POST /build HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n";
      assertThat(client.send(build).reply().status()).isEqualTo(200);
      assertThat(client.send(slash).reply().status()).isEqualTo(200);
      RawClient.Reply refused = client.send(build).reply();
      assertThat(refused.status()).isEqualTo(429);
      assertThat(refused.body())
          .contains("Too many requests for builds from 127.0.0.1: ask again in");
      assertThat(Integer.parseInt(refused.header("Retry-After").orElseThrow())).isBetween(1, 1800);
      assertThat(client.send(get("/a")).reply().status()).isEqualTo(200);
    }
  }

  @Test
  void behindATrustedProxyEachOfItsClientsCounts() throws IOException {
    Clients few = clients("1/h", "off", 100, 100);
    try (WebServer web = TestWeb.start(routes, Timeouts.USUAL, few);
        RawClient client = new RawClient(web.port())) {
      assertThat(client.send(forwarded("203.0.113.1")).reply().status()).isEqualTo(200);
      RawClient.Reply refused = client.send(forwarded("203.0.113.1")).reply();
      assertThat(refused.status()).isEqualTo(429);
      assertThat(refused.body()).contains("Too many requests from 203.0.113.1");
      assertThat(client.send(forwarded("203.0.113.2")).reply().status()).isEqualTo(200);
      assertThat(client.send(forwarded("198.51.100.9, 203.0.113.2")).reply().status())
          .isEqualTo(429);
    }
  }

  @Test
  void onlyAskingForBuildsCostsWhatBuildsCost() throws IOException {
    Clients few = clients("off", "1/h", 100, 100);
    String post = "POST /build HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n";
    try (WebServer web = TestWeb.start(routes, Timeouts.USUAL, few);
        RawClient client = new RawClient(web.port())) {
      for (int i = 0; i < 3; i++) {
        assertThat(client.send(get("/build")).reply().status()).isEqualTo(405);
        assertThat(client.send(post + "Origin: http://evil.example\r\n\r\n").reply().status())
            .isEqualTo(403);
      }
      assertThat(client.send(post + "\r\n").reply().status()).isEqualTo(200);
      assertThat(client.send(post + "\r\n").reply().status()).isEqualTo(429);
    }
  }

  @Test
  void aLoopbackServersOwnMachineReadsAsOftenAsItLikes() throws IOException {
    Clients few = noProxies("1/h");
    try (WebServer web = TestWeb.start(routes, Timeouts.USUAL, few);
        RawClient client = new RawClient(web.port())) {
      for (int i = 0; i < 20; i++) {
        assertThat(client.send(get("/a")).reply().status()).isEqualTo(200);
      }
    }
    var open = TestWeb.http("0.0.0.0", Optional.empty(), few);
    try (WebServer web = TestWeb.start(routes, Timeouts.USUAL, open);
        RawClient client = new RawClient(web.port())) {
      assertThat(client.send(get("/a")).reply().status()).isEqualTo(200);
      assertThat(client.send(get("/a")).reply().status()).isEqualTo(429);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"X-Forwarded-For: 127.0.0.1", "Via: 1.1 x", "Forwarded: for=127.0.0.1"})
  void whoComesThroughAProxyOnThisMachineIsCounted(String header) throws IOException {
    String request = "GET /a HTTP/1.1\r\nHost: x\r\n" + header + "\r\n\r\n";
    for (Clients few : List.of(noProxies("1/h"), clients("1/h", "off", 100, 100))) {
      try (WebServer web = TestWeb.start(routes, Timeouts.USUAL, few);
          RawClient client = new RawClient(web.port())) {
        assertThat(client.send(request).reply().status()).isEqualTo(200);
        assertThat(client.send(request).reply().status()).isEqualTo(429);
      }
    }
  }

  @Test
  void aTrustedProxyIsCountedEvenWhereItSaysNothing() throws IOException {
    Clients few = clients("1/h", "off", 100, 100);
    try (WebServer web = TestWeb.start(routes, Timeouts.USUAL, few);
        RawClient client = new RawClient(web.port())) {
      assertThat(client.send(get("/a")).reply().status()).isEqualTo(200);
      assertThat(client.send(get("/a")).reply().status()).isEqualTo(429);
    }
  }

  @Test
  void aClientWithTooManyConnectionsLeavesTheOthersTheirs() throws IOException {
    Clients few = new Clients(List.of(), Optional.empty(), Optional.empty(), 100, 10);
    List<RawClient> many = new ArrayList<>();
    try (WebServer web = TestWeb.start(routes, Timeouts.USUAL, few)) {
      for (int i = 0; i < 10; i++) {
        many.add(new RawClient(web.port()));
        assertThat(many.getLast().send(get("/a")).reply().status()).isEqualTo(200);
      }
      for (int i = 0; i < 30; i++) {
        try (RawClient refused = new RawClient(web.port())) {
          assertThat(refused.rest()).isEmpty();
        }
      }
      try (RawClient other = new RawClient(web.port(), "127.0.0.2")) {
        assertThat(other.send(get("/a")).reply().status()).isEqualTo(200);
      }
      many.getFirst().send("GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").rest();
      many.set(0, TestWeb.letIn(web, get("/a")));
    } finally {
      for (RawClient client : many) {
        client.close();
      }
    }
  }

  @Test
  void allClientsTogetherHaveSoManyConnections() throws IOException {
    Clients few = new Clients(List.of(), Optional.empty(), Optional.empty(), 10, 10);
    List<RawClient> many = new ArrayList<>();
    try (WebServer web = TestWeb.start(routes, Timeouts.USUAL, few)) {
      for (int i = 0; i < 10; i++) {
        many.add(new RawClient(web.port(), "127.0.0." + (i + 1)));
        assertThat(many.getLast().send(get("/a")).reply().status()).isEqualTo(200);
      }
      try (RawClient refused = new RawClient(web.port(), "127.0.0.99")) {
        assertThat(refused.rest()).isEmpty();
      }
    } finally {
      for (RawClient client : many) {
        client.close();
      }
    }
  }

  private static Clients noProxies(String reads) {
    return new Clients(List.of(), rate(reads), Optional.empty(), 100, 100);
  }

  private static Clients clients(String reads, String builds, int connections, int each) {
    return new Clients(
        List.of(AddressRange.parse("127.0.0.1")), rate(reads), rate(builds), connections, each);
  }

  private static Optional<RequestRate> rate(String raw) {
    return raw.equals("off") ? Optional.empty() : Optional.of(RequestRate.parse(raw));
  }

  private RawClient.Reply ask(dev.raccoon.config.Settings.Http http, String request)
      throws IOException {
    try (WebServer web = TestWeb.start(routes, Timeouts.USUAL, http);
        RawClient client = new RawClient(web.port())) {
      RawClient.Reply reply = client.send(request).reply();
      return reply;
    }
  }

  private static dev.raccoon.config.Settings.Http usual() {
    return TestWeb.http("127.0.0.1", Optional.empty(), Clients.USUAL);
  }

  private static String get(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n";
  }

  private static String forwarded(String addresses) {
    return "GET /a HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: " + addresses + "\r\n\r\n";
  }
}
