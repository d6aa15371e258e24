package dev.raccoon.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.raccoon.testing.TestHexMirror;
import dev.raccoon.testing.TestServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Elixir's projects whose dependencies are packages of Hex. Hex's own archive is nothing that
 * Debian has: these run where {@code RACCOON_HEX_ARCHIVE} names one.
 */
class MixHexTest {
  private static final String NO_ARCHIVE = "/no/hex/archive";

  @TempDir Path folder;

  @Test
  void packagesComeFromTheMirrorWhoseKeyIsTrusted() throws Exception {
    try (TestHexMirror mirror = mirror();
        TestServer server = server(mirror, mirror.key(folder.resolve("hex.pem")))) {
      JsonNode build = server.ended("mix_hex", "[{\"ref\": \"1.0.0\"}]");

      assertThat(build.get("state").stringValue()).as(log(server, build)).isEqualTo("SUCCEEDED");
      assertThat(log(server, build)).doesNotContain("new Hex version", "Not let through");
      assertThat(build.get("artifacts")).hasSize(1);
      assertThat(build.get("lock").stringValue()).isEqualTo("made");
      assertThat(build.get("dependencies").valueStream().map(one -> one.get("name").stringValue()))
          .containsExactlyInAnyOrder("upper", "lower");
    }
  }

  @Test
  void aMirrorThatSignsWithAnotherKeyIsNotTrusted() throws Exception {
    try (TestHexMirror mirror = mirror();
        TestServer server = server(mirror, TestHexMirror.otherKey(folder.resolve("hex.pem")))) {
      JsonNode build = server.ended("mix_hex", "[{\"ref\": \"1.0.0\"}]");

      assertThat(build.get("failure").stringValue()).as(log(server, build)).isEqualTo("DEPENDENCY");
      assertThat(build.get("message").stringValue()).contains("RACCOON_HEX_MIRROR_KEY");
    }
  }

  private static TestHexMirror mirror() throws Exception {
    return new TestHexMirror()
        .application("lower", "0.2.0", Map.of())
        .application("upper", "1.0.0", Map.of("lower", "~> 0.1"));
  }

  private TestServer server(TestHexMirror mirror, Path key) throws Exception {
    String archive = System.getenv().getOrDefault("RACCOON_HEX_ARCHIVE", NO_ARCHIVE);
    assumeTrue(Files.exists(Path.of(archive)), "there is no archive of Hex on this machine");
    return TestServer.start(
        folder.resolve("server"),
        Map.of(
            "RACCOON_HEX_ARCHIVE",
            archive,
            "RACCOON_HEX_MIRROR",
            mirror.url(),
            "RACCOON_HEX_MIRROR_KEY",
            key.toString()));
  }

  private static String log(TestServer server, JsonNode build) {
    return server.log(build.get("build_id").stringValue());
  }
}
