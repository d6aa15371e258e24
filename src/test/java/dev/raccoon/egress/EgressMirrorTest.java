package dev.raccoon.egress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Locale.ROOT;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.raccoon.egress.EgressRequest.Outcome;
import dev.raccoon.testing.FixtureRepositories;
import dev.raccoon.testing.GitRepository;
import dev.raccoon.testing.Patience;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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

/** The real git behind a real relay, as it is in a build, and the operator's mirrors. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class EgressMirrorTest {
  @TempDir private Path folder;
  private EgressFixture fixture;
  private GitRepository demo;
  private final List<InsideConnection> opened = new ArrayList<>();

  @BeforeEach
  void makeAMirror() throws Exception {
    fixture = new EgressFixture(folder);
    demo = new FixtureRepositories(Files.createDirectories(folder.resolve("mirrors"))).make("demo");
  }

  @AfterEach
  void closeAll() throws Exception {
    for (InsideConnection each : opened) {
      each.close();
    }
    fixture.close();
  }

  private String mirrors() {
    return folder.resolve("mirrors") + "/";
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "file://"})
  void gitClonesFromAFolderOfTheOperatorsThroughARelay(String scheme) throws Exception {
    try (EgressDoor door =
            fixture.door("github.com", "https://github.com/acme/=" + scheme + mirrors());
        Relay relay = new Relay(door.socket(), folder)) {
      for (String version : List.of("0", "2")) {
        Path clone = folder.resolve("clone-" + version);
        assertThat(
                relay.git(
                    "-c",
                    "protocol.version=" + version,
                    "-c",
                    "advice.detachedHead=false",
                    "clone",
                    "--quiet",
                    "--depth",
                    "1",
                    "-b",
                    "1.0.1",
                    "http://github.com/acme/demo.git",
                    clone.toString()))
            .isEmpty();
        assertThat(relay.git("-C", clone.toString(), "rev-parse", "HEAD").strip())
            .isEqualTo(demo.commitOf("1.0.1"));
      }
      assertThat(relay.git("clone", "http://github.com/acme/none", folder.resolve("n").toString()))
          .contains("not found");
      assertThat(relay.git("clone", "http://evil.example/x", folder.resolve("e").toString()))
          .contains("remote: Raccoon does not let builds connect to evil.example: ");
      assertThat(door.blocked()).containsExactly("evil.example");
    }
    assertThat(fixture.lookups).isEmpty();
    assertThat(fixture.recorded.getFirst().path())
        .isEqualTo("/acme/demo.git/info/refs?service=git-upload-pack");
    assertThat(fixture.recorded.getFirst().digest()).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/acme/demo.git/HEAD",
        "/acme/demo.git/config",
        "/acme/demo.git/info/refs?service=git-receive-pack",
        "/acme/demo.git/info/refs",
        "/acme/de%6do.git/info/refs?service=git-upload-pack",
        "/acme/demo.git/git-upload-pack"
      })
  void aFolderOfTheOperatorsCanBeClonedAndNothingElse(String path) throws Exception {
    try (EgressDoor door = fixture.door("github.com", "https://github.com/acme/=" + mirrors())) {
      assertThat(InsideConnection.get(door, "http://github.com" + path).body())
          .isEqualTo(
              "github.com is a mirror of Raccoon's operator: it can be cloned, nothing else.\n");
    }
  }

  @Test
  void aMirrorOnAPrivateHostGetsTheOperatorsCredentialsWhichNobodyInsideSees() throws Exception {
    String basic = "Basic " + Base64.getEncoder().encodeToString("ada:secret".getBytes(UTF_8));
    HttpServer mirror =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    List<String> seen = new CopyOnWriteArrayList<>();
    mirror.createContext(
        "/",
        exchange -> {
          seen.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
          try (exchange) {
            HttpsOrigin.answer(
                exchange,
                basic.equals(exchange.getRequestHeaders().getFirst("Authorization")) ? 200 : 401,
                exchange.getRequestURI().toString().getBytes(UTF_8));
          }
        });
    mirror.start();
    String target = "http://ada:secret@origin.example:" + mirror.getAddress().getPort() + "/m/";
    try (EgressDoor door = fixture.door("gitlab.com", "https://github.com/=" + target)) {
      String refs = "/a/info/refs?service=git-upload-pack";
      assertThat(InsideConnection.get(door, "http://github.com" + refs).body())
          .isEqualTo("/m" + refs);
      refusesAllButClones(door);
      assertThat(seen).containsExactly("GET /m" + refs);
    } finally {
      mirror.stop(0);
    }
    assertThat(fixture.recorded.getFirst().outcome()).isEqualTo(new Outcome.Answered(200));
    assertThat(fixture.recorded.toString()).doesNotContain("secret");
  }

  @Test
  void aMirrorGetsWhatACloneNeedsAndGivesNoSession() throws Exception {
    HttpServer mirror =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    Set<String> got = ConcurrentHashMap.newKeySet();
    mirror.createContext(
        "/",
        exchange -> {
          exchange.getRequestHeaders().keySet().forEach(name -> got.add(name.toLowerCase(ROOT)));
          exchange.getResponseHeaders().add("Set-Cookie", "session=of-the-operator");
          exchange.getResponseHeaders().add("X-Anything", "else");
          try (exchange) {
            HttpsOrigin.answer(exchange, 200, "refs".getBytes(UTF_8));
          }
        });
    mirror.start();
    String target = "http://ada:secret@origin.example:" + mirror.getAddress().getPort() + "/m/";
    try (EgressDoor door = fixture.door("gitlab.com", "https://github.com/=" + target);
        InsideConnection connection = new InsideConnection(door)) {
      connection.send(
          """
          GET http://github.com/a/info/refs?service=git-upload-pack HTTP/1.1\r
          Host: x\r
          Git-Protocol: version=2\r
          X-HTTP-Method-Override: PUT\r
          X-Original-URL: /api/v4/user\r
          X-Forwarded-For: 127.0.0.1\r
          Private-Token: t\r
          \r
          """);
      InsideConnection.Reply head = connection.head();
      assertThat(head.status()).isEqualTo(200);
      assertThat(head.toString()).doesNotContain("session").doesNotContain("X-Anything");
    } finally {
      mirror.stop(0);
    }
    assertThat(got)
        .contains("git-protocol", "authorization")
        .doesNotContain(
            "x-http-method-override", "x-original-url", "x-forwarded-for", "private-token");
  }

  /** What the mirror would do for the operator, whose credentials it would be asked with. */
  private static void refusesAllButClones(EgressDoor door) throws Exception {
    for (String line :
        List.of(
            "POST http://github.com/a/git-receive-pack",
            "GET http://github.com/a/info/refs?service=git-receive-pack",
            "GET http://github.com/api/v4/user",
            "POST http://github.com/a",
            "HEAD http://github.com/a/info/refs?service=git-upload-pack",
            "POST http://github.com/a/info/refs?service=git-upload-pack",
            "GET http://github.com/a/git-upload-pack",
            "GET http://github.com/../api/info/refs?service=git-upload-pack",
            "GET http://github.com/a/info/refs?service=git-upload-pack&x=y")) {
      try (InsideConnection connection = new InsideConnection(door)) {
        connection.send(line + " HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
        assertThat(connection.head().status()).as(line).isEqualTo(403);
      }
    }
  }

  @Test
  void stalledClonesOfOneBuildHoldFewProcessesAndNobodyElseUp() throws Exception {
    String rewrite = "https://github.com/acme/=" + mirrors();
    String refs = "http://github.com/acme/demo.git/info/refs?service=git-upload-pack";
    try (EgressDoor hostile = fixture.door("github.com", rewrite);
        EgressDoor other = fixture.door("github.com", rewrite)) {
      InsideConnection first = stalled(hostile, "/acme/demo.git");
      opened.add(first);
      awaitMirrors(1);
      for (int i = 1; i < GitPlaces.OF_A_DOOR + 2; i++) {
        opened.add(stalled(hostile, "/acme/demo.git"));
      }
      awaitMirrors(GitPlaces.OF_A_DOOR);

      assertThat(InsideConnection.get(other, refs).status()).isEqualTo(200);
      assertThat(fixture.mirrors).hasSize(GitPlaces.OF_A_DOOR + 1);
      first.close();
      awaitMirrors(GitPlaces.OF_A_DOOR + 2);
    }
    Patience.await(() ->
        fixture.mirrors.stream().noneMatch(Process::isAlive)
            ? Optional.of(true)
            : Optional.empty());
  }

  @Test
  void manyHostileBuildsLeaveTheOthersTheirPlaces() throws Exception {
    String rewrite = "https://github.com/acme/=" + mirrors();
    String refs = "http://github.com/acme/demo.git/info/refs?service=git-upload-pack";
    List<EgressDoor> hostile = new ArrayList<>();
    try (EgressDoor other = fixture.door("github.com", rewrite)) {
      for (int i = 0; i < 5; i++) {
        hostile.add(fixture.door("github.com", rewrite));
        for (int j = 0; j < GitPlaces.OF_A_DOOR; j++) {
          opened.add(stalled(hostile.getLast(), "/acme/demo.git"));
        }
      }
      awaitMirrors(5 * GitPlaces.OF_A_DOOR);

      assertThat(InsideConnection.get(other, refs).status()).isEqualTo(200);
    } finally {
      hostile.forEach(EgressDoor::close);
    }
  }

  private void awaitMirrors(int count) {
    Patience.await(() -> fixture.mirrors.size() >= count ? Optional.of(true) : Optional.empty());
  }

  /** A request for a pack, whose body never comes. */
  private static InsideConnection stalled(EgressDoor door, String path) throws Exception {
    return new InsideConnection(door)
        .send(
            "POST http://github.com"
                + path
                + "/git-upload-pack HTTP/1.1\r\nHost: x\r\n"
                + "Content-Type: application/x-git-upload-pack-request\r\n"
                + "Content-Length: 100\r\n\r\n");
  }

  @Test
  void aCloneThatIsTooLongIsTheBuildsOwnExcess() throws Exception {
    EgressLimits usual = EgressFixture.USUAL;
    EgressLimits small =
        new EgressLimits(
            usual.connections(), usual.head(), usual.connect(), usual.idle(), usual.request(), 10);
    try (EgressFixture other = new EgressFixture(folder.resolve("small"), small);
        EgressDoor door = other.door("github.com", "https://github.com/acme/=" + mirrors())) {
      try (InsideConnection connection = new InsideConnection(door)) {
        String refs = "http://github.com/acme/demo.git/info/refs?service=git-upload-pack";
        connection.send("GET " + refs + " HTTP/1.1\r\nHost: x\r\n\r\n");
        connection.rest();
      }
      Patience.await(() -> other.recorded.stream().findFirst());

      assertThat(other.recorded.getFirst().outcome()).isInstanceOf(Outcome.Refused.class);
      assertThat(door.isTroubleTemporary()).isFalse();
    }
  }
}
