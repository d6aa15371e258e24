package dev.raccoon.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.raccoon.testing.FixtureRepositories;
import dev.raccoon.testing.GitRepository;
import dev.raccoon.testing.HexLibrary;
import dev.raccoon.testing.TestHexMirror;
import dev.raccoon.testing.TestServer;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Native code by a port compiler, a plugin that is a package of Hex. */
class PortCompilerTest {
  @TempDir Path folder;

  @Test
  void whatThePluginCompilesIsPackedAndWhatItNeedsIsRecorded() throws Exception {
    try (TestHexMirror mirror = mirror();
        TestServer server = server(mirror)) {
      JsonNode build = server.ended("port_compiler", "[{\"ref\": \"1.0.0\"}]");

      String id = build.get("build_id").stringValue();
      assertThat(build.get("state").stringValue()).as(server.log(id)).isEqualTo("SUCCEEDED");
      assertThat(build.at("/native/nif_version").stringValue()).matches("2\\.[0-9]+");
      assertThat(build.at("/native/c_libraries/0").stringValue()).startsWith("glibc ");
    }
  }

  @Test
  void aPluginThatTheRepositoryDidNotGiveIsNotBlamedOnTheNetwork() throws Exception {
    try (TestHexMirror empty = new TestHexMirror();
        TestServer server = server(empty)) {
      JsonNode build = server.ended("port_compiler", "[{\"ref\": \"1.0.0\"}]");

      assertThat(build.get("failure").stringValue()).isEqualTo("DEPENDENCY");
      assertThat(build.get("message").stringValue())
          .isEqualTo(
              "The plugin pc could not be had: it was not given when dependencies were fetched.");
    }
  }

  private TestServer server(TestHexMirror mirror) throws Exception {
    TestServer server =
        TestServer.start(
            folder.resolve("server"),
            Map.of(
                "RACCOON_HEX_MIRROR",
                mirror.url(),
                "RACCOON_HEX_MIRROR_KEY",
                mirror.key(folder.resolve("hex.pem")).toString()));
    assumeTrue(
        !server.server().installations().all().isEmpty(), "there is no Erlang/OTP on this machine");
    assumeTrue(server.server().sandboxTrouble().isEmpty(), "there is no sandbox on this machine");
    return server;
  }

  private TestHexMirror mirror() throws Exception {
    GitRepository compiler = new FixtureRepositories(folder.resolve("fixtures")).make("pc");
    TestHexMirror mirror = new TestHexMirror();
    HexLibrary.of(compiler.path(), "1.15.0", folder.resolve("pc")).publish(mirror, "1.15.0");
    return mirror;
  }
}
