package dev.raccoon.egress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.raccoon.egress.EgressRequest.Outcome;
import dev.raccoon.testing.FixtureRepositories;
import dev.raccoon.testing.GitRepository;
import dev.raccoon.testing.Patience;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  @BeforeEach
  void makeAMirror() throws Exception {
    fixture = new EgressFixture(folder);
    demo = new FixtureRepositories(Files.createDirectories(folder.resolve("mirrors"))).make("demo");
  }

  @AfterEach
  void closeAll() {
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
        Relay relay = new Relay(door.socket())) {
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
        "/acme/../../etc/passwd/info/refs?service=git-upload-pack",
        "/acme/%2e%2e/x/info/refs?service=git-upload-pack",
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
    mirror.createContext(
        "/",
        exchange -> {
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
      assertThat(InsideConnection.get(door, "http://github.com/a?b").body()).isEqualTo("/m/a?b");
    } finally {
      mirror.stop(0);
    }
    assertThat(fixture.recorded)
        .singleElement()
        .satisfies(request -> {
          assertThat(request.outcome()).isEqualTo(new Outcome.Answered(200));
          assertThat(request.toString()).doesNotContain("secret");
        });
  }

  /** What a sandbox has inside: a relay from a loopback port to the socket. */
  private final class Relay implements AutoCloseable {
    private final Process process;
    private final int port;

    Relay(Path socket) throws Exception {
      try (ServerSocket free = new ServerSocket(0)) {
        port = free.getLocalPort();
      }
      process =
          new ProcessBuilder(
                  "socat",
                  "TCP-LISTEN:" + port + ",bind=127.0.0.1,fork,reuseaddr",
                  "UNIX-CONNECT:" + socket)
              .start();
      Patience.await(this::listens);
    }

    private Optional<Boolean> listens() {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return Optional.of(socket.isConnected());
      } catch (java.io.IOException e) {
        return Optional.empty();
      }
    }

    /** What git prints, with an environment as a build has it. */
    String git(String... arguments) throws Exception {
      List<String> command = new java.util.ArrayList<>(List.of("git"));
      command.addAll(List.of(arguments));
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      Map<String, String> environment = builder.environment();
      environment.keySet().removeIf(name -> name.startsWith("GIT_"));
      environment.put("http_proxy", "http://127.0.0.1:" + port);
      environment.put("HOME", folder.toString());
      environment.put("GIT_CONFIG_NOSYSTEM", "1");
      environment.put("GIT_TERMINAL_PROMPT", "0");
      Process git = builder.start();
      git.getOutputStream().close();
      String output = new String(git.getInputStream().readAllBytes(), UTF_8);
      git.waitFor();
      return output;
    }

    @Override
    public void close() {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}
