package dev.raccoon.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.raccoon.testing.TestServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Elixir's projects, on a server that has Elixir and no Hex. */
class MixBuildsTest {
  @TempDir static Path folder;
  private static TestServer server;

  @BeforeAll
  static void start() throws IOException {
    server = TestServer.start(folder);
    assumeTrue(
        !server.server().installations().all().isEmpty(), "there is no Erlang/OTP on this machine");
    assumeTrue(server.server().sandboxTrouble().isEmpty(), "there is no sandbox on this machine");
    assumeTrue(Files.exists(Path.of("/usr/bin/elixir")), "there is no Elixir on this machine");
    server.repository("demo");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void aProjectIsBuiltWithItsGitDependencyAndPackedWithoutIt() throws Exception {
    JsonNode build = built("mix_project", "1.0.0");

    assertThat(names(build)).containsExactly("mix_project");
    assertThat(members(build))
        .contains(
            "ebin/mix_project.app",
            "ebin/Elixir.MixProject.beam",
            "ebin/Elixir.MixProject.Size.beam",
            "ebin/mix_project_helper.beam",
            "priv/note.txt",
            "lib/mix_project.ex",
            "src/mix_project_helper.erl")
        .noneMatch(name -> name.contains("demo") || name.contains("consolidated"));
    assertThat(server.log(id(build)))
        .contains("mix deps.get --only prod (Elixir 1.", "mix compile (Elixir 1.");
    assertThat(again(build).get("artifacts").get(0).get("sha256"))
        .as("built again")
        .isEqualTo(build.get("artifacts").get(0).get("sha256"));
  }

  @Test
  void eachApplicationOfAnUmbrellaIsPacked() throws Exception {
    assertThat(names(built("mix_umbrella", "1.0.0")))
        .as("the one that /get serves comes first")
        .containsExactly("one", "inner_part", "two");
  }

  @Test
  void whatElixirRefusesIsTold() throws Exception {
    assertThat(failure("1.1.0"))
        .matches("COMPILE: The package does not compile on OTP \\d+: lib/broken\\.ex:2.*")
        .contains("undefined function missing/0");
  }

  @Test
  void aPackageOfHexThatIsNeededTellsTheOperatorWhatToSet() throws Exception {
    assertThat(failure("1.2.0"))
        .startsWith("TOOLCHAIN: The dependency nobody_has_this is a package of Hex, ")
        .endsWith("RACCOON_HEX_ARCHIVE.");
  }

  @Test
  void anElixirThatThisServerDoesNotHaveIsNamed() throws Exception {
    assertThat(failure("1.3.0")).startsWith("TOOLCHAIN: mix_project needs Elixir >= 99.0.0, ");
  }

  @Test
  void aDependencyThatIsNotThereIsNamed() throws Exception {
    assertThat(failure("1.4.0")).startsWith("DEPENDENCY: The dependency demo could not be had: ");
  }

  private static JsonNode built(String fixture, String tag) throws Exception {
    JsonNode build = server.ended(fixture, "[{\"ref\": \"" + tag + "\"}]");
    assertThat(build.get("state").stringValue()).as(server.log(id(build))).isEqualTo("SUCCEEDED");
    return build;
  }

  private static JsonNode again(JsonNode build) throws Exception {
    TestServer.Reply asked = server.post("/rebuild", "{\"build_id\": \"" + id(build) + "\"}");
    JsonNode second = server.ended(id(asked.response().get("builds").get(0)));
    assertThat(id(second)).isNotEqualTo(id(build));
    return second;
  }

  private static String failure(String tag) throws Exception {
    JsonNode build = server.ended("mix_project", "[{\"ref\": \"" + tag + "\"}]");
    assertThat(build.get("state").stringValue()).isEqualTo("FAILED");
    return build.get("failure").stringValue() + ": " + build.get("message").stringValue();
  }

  private static String id(JsonNode build) {
    return build.get("build_id").stringValue();
  }

  private static List<String> names(JsonNode build) {
    List<String> names = new ArrayList<>();
    build.get("artifacts").forEach(made -> names.add(made.get("app").stringValue()));
    return names;
  }

  private static List<String> members(JsonNode build) throws IOException {
    byte[] file = server.get("/download/" + id(build)).http().body();
    List<String> names = new ArrayList<>();
    try (TarArchiveInputStream in = new TarArchiveInputStream(new ByteArrayInputStream(file))) {
      for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        names.add(entry.getName());
      }
    }
    return names;
  }
}
