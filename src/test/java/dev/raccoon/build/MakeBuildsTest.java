package dev.raccoon.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.raccoon.testing.DebianLibraries;
import dev.raccoon.testing.DebianLibraries.Library;
import dev.raccoon.testing.GitRepository;
import dev.raccoon.testing.Program;
import dev.raccoon.testing.TestServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Repositories without a configuration of rebar's, built by the tools that they are laid out for.
 */
class MakeBuildsTest {
  @TempDir static Path folder;
  private static TestServer server;

  @BeforeAll
  static void start() throws IOException {
    server = TestServer.start(folder);
    assumeTrue(
        !server.server().installations().all().isEmpty(), "there is no Erlang/OTP on this machine");
    assumeTrue(server.server().sandboxTrouble().isEmpty(), "there is no sandbox on this machine");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void modulesAloneBecomeAnApplicationOfTheRepositorysNameAndTheTagsVersion() throws Exception {
    JsonNode build = server.build("plain_modules", "[{\"ref\": \"v1.2.0\"}]").getFirst();

    Map<String, byte[]> members = members(build);
    assertThat(application(members)).isEqualTo("plain_modules 1.2.0");
    assertThat(server.log(id(build)))
        .contains("rebar3 compile (src/plain_modules.app.src is Raccoon's), with OTP ");
    assertThat(members)
        .containsKeys("ebin/plain_modules.app", "ebin/plain_modules.beam", "ebin/plain_other.beam");
  }

  @Test
  void aMakefileFetchesWithTheWayOutAndCompilesWithout() throws Exception {
    server.repository("demo");

    JsonNode build = server.build("plain_make", "[{\"ref\": \"1.0.0\"}]").getFirst();

    Map<String, byte[]> members = members(build);
    assertThat(application(members)).isEqualTo("plain_make 1.0.0");
    assertThat(members).containsKeys("ebin/plain_make.beam");
  }

  @Test
  void aMakefileThatOnlyConfiguringMakesBuildsAllApplications() throws Exception {
    JsonNode build = server.build("configured", "[{\"ref\": \"1.0.0\"}]").getFirst();

    assertThat(server.log(id(build))).contains("==> ./configure", "configured for OTP ");
    assertThat(build.get("artifacts").valueStream().map(one -> one.get("app").stringValue()))
        .containsExactlyInAnyOrder("configured", "configured_tools");
    Map<String, byte[]> members = members(build);
    assertThat(application(members)).isEqualTo("configured 1.0.0");
    assertThat(members)
        .containsKeys("ebin/configured.app", "ebin/configured.beam")
        .as("the other application's")
        .doesNotContainKeys("ebin/configured_tools.app", "ebin/configured_tools.beam");
  }

  @Test
  void aRebarConfigThatMakeMakesIsReadByRebar3() throws Exception {
    server.repository("demo");

    JsonNode build = server.build("made_config", "[{\"ref\": \"1.0.0\"}]").getFirst();

    assertThat(server.log(id(build))).contains("==> make rebar.config", "==> rebar3 get-deps");
    assertThat(application(members(build))).isEqualTo("made_config 1.0.0");
    assertThat(build.get("dependencies").valueStream().map(one -> one.get("name").stringValue()))
        .containsExactly("demo");
  }

  @Test
  void rebar2IsUsedWhereTheRepositoryBringsItAndAsksForIt() throws Exception {
    server.repository("bare_application");

    JsonNode build = server.build("rebar2_project", "[{\"ref\": \"1.0.0\"}]").getFirst();

    assertThat(server.log(id(build))).contains("==> ./rebar get-deps", "==> ./rebar compile");
    Map<String, byte[]> members = members(build);
    assertThat(application(members)).isEqualTo("rebar2_project 1.0.0");
    assertThat(members).containsKeys("ebin/rebar2_project.beam");
  }

  @Test
  void anApplicationThatTheRepositoryKeepsBelowDepsIsItsOwnAndAFetchedOneIsNot() throws Exception {
    server.repository("bare_application");

    JsonNode build = server.build("kept_dependency", "[{\"ref\": \"1.0.0\"}]").getFirst();

    assertThat(application(members(build))).isEqualTo("kept_dependency 1.0.0");
    assertThat(build.get("artifacts").valueStream().map(one -> one.get("app").stringValue()))
        .containsExactlyInAnyOrder("kept_dependency", "kept");
  }

  @Test
  void aProgramThatTheServerLacksIsNamed() throws Exception {
    JsonNode build = server.ended("make_needs_program", "[{\"ref\": \"1.0.0\"}]");

    assertThat(build.get("failure").stringValue()).isEqualTo("TOOLCHAIN");
    assertThat(build.get("message").stringValue())
        .startsWith("The build needs the program raccoon-has-no-such-program, ");
  }

  @Test
  void erlangMkFetchesItsDependencyAndBuildsBoth() throws Exception {
    server.repository("bare_application");
    addErlangMk("erlang_mk");

    JsonNode build = server.build("erlang_mk", "[{\"ref\": \"1.0.1\"}]").getFirst();

    Map<String, byte[]> members = members(build);
    assertThat(application(members)).isEqualTo("erlang_mk 1.0.0");
    assertThat(server.log(id(build))).contains("DEP    bare_application", "APP    erlang_mk");
    assertThat(members).containsKeys("ebin/erlang_mk.app", "ebin/erlang_mk.beam");
  }

  @Test
  void aDependencyThatErlangMkLeavesUnreadyFailsTheBuildThoughMakeEndsWell() throws Exception {
    server.repository("demo");
    addErlangMk("erlang_mk_unready");

    JsonNode build = server.ended("erlang_mk_unready", "[{\"ref\": \"1.0.1\"}]");

    assertThat(build.get("failure").stringValue())
        .as(server.log(id(build)))
        .isEqualTo("DEPENDENCY");
    assertThat(build.get("message").stringValue())
        .startsWith("The dependency demo could not be had");
  }

  @Test
  void anErlangMkThatTheRepositoryLacksIsNamed() throws Exception {
    JsonNode build = server.ended("erlang_mk", "[{\"ref\": \"1.0.0\"}]");

    assertThat(build.get("failure").stringValue()).isEqualTo("DEPENDENCY");
    assertThat(build.get("message").stringValue())
        .startsWith("The file erlang.mk, which the Makefile includes, could not be had: ");
  }

  /** Makes 1.0.1 of the fixture: 1.0.0 with the erlang.mk of a real library. */
  private static void addErlangMk(String fixture) throws Exception {
    Library library = DebianLibraries.require(DebianLibraries.WITH_ERLANG_MK);
    String text =
        Program.run(
                new ProcessBuilder(
                    "git",
                    "--git-dir=" + library.repository(),
                    "show",
                    library.tag() + ":erlang.mk"))
            .output();
    GitRepository repository = server.repository(fixture);
    repository.tag("1.0.1", repository.commitFile("erlang.mk", text));
  }

  private static String id(JsonNode build) {
    return build.get("build_id").stringValue();
  }

  /** The application's name and version, as its package says. */
  private static String application(Map<String, byte[]> members) {
    JsonNode configuration =
        new JsonMapper().readTree(members.getOrDefault("enot_config.json", new byte[0]));
    return configuration.get("name").stringValue()
        + " "
        + configuration.get("app_vsn").stringValue();
  }

  private static Map<String, byte[]> members(JsonNode build) throws IOException {
    byte[] file = server.get("/download/" + id(build)).http().body();
    Map<String, byte[]> members = new HashMap<>();
    try (TarArchiveInputStream in = new TarArchiveInputStream(new ByteArrayInputStream(file))) {
      for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        members.put(entry.getName(), in.readAllBytes());
      }
    }
    return members;
  }
}
