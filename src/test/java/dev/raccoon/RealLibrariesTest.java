package dev.raccoon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.testing.DebianLibraries;
import dev.raccoon.testing.DebianLibraries.Library;
import dev.raccoon.testing.DebianOtp;
import dev.raccoon.testing.FixtureRepositories;
import dev.raccoon.testing.GitRepository;
import dev.raccoon.testing.HexLibrary;
import dev.raccoon.testing.TestHexMirror;
import dev.raccoon.testing.TestServer;
import dev.raccoon.testing.TestServer.Reply;
import dev.raccoon.value.Sha256;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Real libraries on two Erlang/OTP releases, each with one request. */
class RealLibrariesTest {
  @TempDir Path folder;

  @Test
  void nineLibrariesForTwoReleasesAreEighteenPackagesFromNineFetches() throws Exception {
    List<Library> libraries = DebianLibraries.requireAll();
    Path otp27 = DebianOtp.require("trixie");
    Path mirror = libraries.getFirst().repository().getParent();
    try (TestServer server =
        TestServer.start(
            folder,
            Map.of(
                "RACCOON_OTP_DIRS",
                otp27.toString(),
                "RACCOON_GIT_REWRITES",
                "https://debian.example.org/=" + mirror + "/"))) {
      List<String> builds = new ArrayList<>();
      for (Library library : libraries) {
        Reply reply = server.post("/buildAsync", request(library));
        reply
            .response()
            .get("builds")
            .forEach(row -> builds.add(row.get("build_id").stringValue()));
      }
      assertThat(builds).hasSize(18);
      Set<Sha256> digests = new HashSet<>();
      for (String id : builds) {
        JsonNode build = server.ended(id);
        assertThat(build.get("state").stringValue()).as(server.log(id)).isEqualTo("SUCCEEDED");
        assertThat(server.log(id))
            .contains("==> Source: ", "==> Succeeded in ")
            .containsAnyOf("===> Compiling ", "==> make deps app, with OTP ");
        Reply download = server.get("/download/" + id);
        Sha256 digest = Sha256.of(download.http().body());
        assertThat(download.http().headers().firstValue("ETag")).contains("\"" + digest + "\"");
        digests.add(digest);
      }
      assertThat(digests).hasSize(18);
      JsonNode figures = server.get("/metrics?format=json").json();
      assertThat(figures.get("gauge.package.clone.ok").intValue()).isEqualTo(9);
      assertThat(figures.get("gauge.package.build.ok").intValue()).isEqualTo(18);
    }
  }

  /**
   * Of the libraries of Debian that were tried, fast_yaml alone is not here: no tarball made
   * elsewhere has the checksum that its lock file has of p1_utils.
   */
  @Test
  void thoseThatNeedMoreThanThemselvesAreBuiltWithAMirrorOfHex() throws Exception {
    List<Library> libraries =
        DebianLibraries.OTHERS.stream().map(DebianLibraries::require).toList();
    Path otp27 = DebianOtp.require("trixie");
    Path folders = libraries.getFirst().repository().resolveSibling("");
    try (TestHexMirror mirror = mirror();
        TestServer server =
            TestServer.start(
                folder.resolve("server"),
                Map.of(
                    "RACCOON_OTP_DIRS",
                    otp27.toString(),
                    "RACCOON_GIT_REWRITES",
                    "https://debian.example.org/=" + folders,
                    "RACCOON_HEX_MIRROR",
                    mirror.url(),
                    "RACCOON_HEX_MIRROR_KEY",
                    mirror.key(folder.resolve("hex.pem")).toString()))) {
      Map<String, JsonNode> asked = new LinkedHashMap<>();
      for (Library library : libraries) {
        JsonNode builds = server.post("/buildAsync", request(library)).response().get("builds");
        asked.put(library.name() + " on 25", builds.get(0));
        asked.put(library.name() + " on 27", builds.get(1));
      }
      for (Map.Entry<String, JsonNode> one : asked.entrySet()) {
        String id = one.getValue().get("build_id").stringValue();
        JsonNode build = server.ended(id);
        assertThat(build.get("state").stringValue())
            .as(one.getKey() + "\n" + server.log(id))
            .isEqualTo("SUCCEEDED");
        assertThat(build.get("native").isNull())
            .as(one.getKey() + " has native code")
            .isEqualTo(!one.getKey().startsWith("jiffy"));
      }
    }
  }

  /** With goldrush under the version that lager insists on, and a port compiler for jiffy. */
  private TestHexMirror mirror() throws Exception {
    TestHexMirror mirror = new TestHexMirror();
    Library goldrush = DebianLibraries.require("goldrush");
    HexLibrary.of(goldrush.repository(), goldrush.tag(), folder.resolve("goldrush"))
        .publish(mirror, "0.1.9");
    GitRepository compiler = new FixtureRepositories(folder.resolve("fixtures")).make("pc");
    HexLibrary.of(compiler.path(), "1.15.0", folder.resolve("pc")).publish(mirror, "1.15.0");
    return mirror;
  }

  private static String request(Library library) {
    return """
    {"full_name": "debian/%s", "clone_url": "https://debian.example.org/%s",
     "versions": [{"ref": "%s", "erl_version": "25"}, {"ref": "%s", "erl_version": "27"}]}
    """
        .formatted(
            library.name(), library.repository().getFileName(), library.tag(), library.tag());
  }
}
