package dev.raccoon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.testing.DebianLibraries;
import dev.raccoon.testing.DebianLibraries.Library;
import dev.raccoon.testing.DebianOtp;
import dev.raccoon.testing.TestServer;
import dev.raccoon.testing.TestServer.Reply;
import dev.raccoon.value.Sha256;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
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

  private static String request(Library library) {
    return """
    {"full_name": "debian/%s", "clone_url": "https://debian.example.org/%s",
     "versions": [{"ref": "%s", "erl_version": "25"}, {"ref": "%s", "erl_version": "27"}]}
    """
        .formatted(
            library.name(), library.repository().getFileName(), library.tag(), library.tag());
  }
}
