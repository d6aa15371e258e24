package dev.raccoon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.testing.GitRepository;
import dev.raccoon.testing.TestServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What repositories say of their own builds: as coon and enot have it, and in raccoon.yaml. */
class ConfiguredBuildsTest {
  @TempDir static Path folder;
  private static TestServer server;

  @BeforeAll
  static void start() throws IOException {
    server = TestServer.start(folder);
    for (String dependency : List.of("demo", "enot_project")) {
      server.repository(dependency);
    }
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void aCoonProjectIsBuiltWithADependencyOfItsOwnKind() throws Exception {
    JsonNode build = server.build("coon_project", "[{\"ref\": \"1.0.0\"}]").getFirst();

    Map<String, byte[]> members = unpacked(build);
    assertThat(members)
        .containsKeys("ebin/coon_project.beam", "priv/coon_project.so")
        .doesNotContainKey("src/coon_project.erl");
    assertThat(text(members, "ebin/coon_project.app"))
        .contains("{vsn,\"1.4.0\"}", "[kernel,stdlib,enot_project]", "hello world!")
        .contains("For coon_project on ");
    assertThat(text(members, "enot_config.json"))
        .contains("\"https://git.example.org/enot_project.git\"", "\"ANSWER\"");
    assertThat(log(build)).contains("enot_project is converted as well", "prebuilt", "-DANSWER=42");
    assertThat(build.get("dependencies").valueStream().map(ConfiguredBuildsTest::used))
        .containsExactlyInAnyOrder(used("demo", "1.0.1"), used("enot_project", "1.0.0"));
  }

  private static String used(JsonNode dependency) {
    return String.join(
        " ",
        dependency.get("name").stringValue(),
        dependency.get("source").stringValue(),
        dependency.get("commit").stringValue());
  }

  private static String used(String name, String tag) throws IOException {
    String url = "https://git.example.org/" + name + ".git";
    return String.join(" ", name, url, server.repository(name).commitOf(tag));
  }

  @Test
  void anEnotProjectIsBuiltWithADependencyOfRebar3s() throws Exception {
    JsonNode build = server.build("enot_project", "[{\"ref\": \"1.0.0\"}]").getFirst();

    assertThat(text(unpacked(build), "ebin/enot_project.app"))
        .contains("{vsn,\"1.0.0\"}", "[kernel,stdlib,demo]", "{modules,[enot_project]}");
  }

  @Test
  void whatCannotBeConvertedIsTheRepositorysFaultWithItsLine() throws Exception {
    GitRepository repository = server.repository("enot_project");
    repository.commitFile(
        "src/enot_project.app.src",
        """
        {application, enot_project, [
          {vsn, "{{ app.vsn }}"},
          {% for x in modules %}{% endfor %}
          {modules, []}]}.
        """);
    repository.tag("2.0.0-template", "main");
    repository.commitFile("enot_config.json", "{\"deps\": [\n  {\"name\": \"demo\",}]}");
    repository.tag("2.0.0-json", "main");
    repository.commitFile("src/enot_project.app.src", "{application, enot_project, []}.");
    repository.commitFile(
        "enot_config.json",
        "{\"deps\": [{\"name\": \"nobody\", \"url\": \"https://git.example.org/nobody.git\","
            + " \"tag\": \"1\"}]}");
    repository.tag("2.0.0-nobody", "main");

    assertThat(failure("enot_project", "2.0.0-template"))
        .isEqualTo("SOURCE: src/enot_project.app.src, line 3: for is not supported.");
    assertThat(failure("enot_project", "2.0.0-json"))
        .isEqualTo("SOURCE: enot_config.json, line 2: this is no JSON.");
    assertThat(failure("enot_project", "2.0.0-nobody"))
        .startsWith("DEPENDENCY: The dependency nobody could not be had: ");
  }

  @Test
  void raccoonYamlSetsTheEnvironmentAndCommandsAroundTheCompiler() throws Exception {
    JsonNode build = server.build("own_settings", "[{\"ref\": \"1.0.0\"}]").getFirst();

    Map<String, byte[]> members = unpacked(build);
    assertThat(members).containsKey("ebin/generated.beam");
    assertThat(text(members, "priv/greeting")).isEqualTo("hello\n");
  }

  @Test
  void raccoonYamlFailsTheBuildWhereItIsWrongOrItsCommandsFail() throws Exception {
    GitRepository repository = server.repository("own_settings");
    repository.commitFile("raccoon.yaml", "erlang: [25]\nbefor:\n  - make\n");
    repository.tag("2.0.0-key", "main");
    repository.commitFile("raccoon.yaml", "after:\n  - true\n  - echo it is odd; exit 3\n");
    repository.tag("2.0.0-bool", "main");
    repository.commitFile("raccoon.yaml", "before: ['true', 'echo it is odd; exit 3']\n");
    repository.tag("2.0.0-command", "main");
    repository.commitFile("raccoon.yaml", "build_tool: coon\n");
    repository.tag("2.0.0-tool", "main");

    assertThat(failure("own_settings", "2.0.0-key"))
        .startsWith("SOURCE: raccoon.yaml, line 2: \"befor\" is no setting: ");
    assertThat(failure("own_settings", "2.0.0-bool"))
        .isEqualTo("SOURCE: raccoon.yaml, line 2: A command of after must be a text.");
    assertThat(failure("own_settings", "2.0.0-command"))
        .startsWith("COMPILE: ")
        .endsWith(
            "raccoon.yaml: command 2 of before ended with status 3; its last line: it is odd");
    assertThat(failure("own_settings", "2.0.0-tool"))
        .startsWith("SOURCE: The repository has neither enot_config.json nor coonfig.json");
  }

  private static String failure(String fixture, String ref) throws Exception {
    JsonNode build = server.ended(fixture, "[{\"ref\": \"" + ref + "\"}]");
    assertThat(build.get("state").stringValue()).isEqualTo("FAILED");
    return build.get("failure").stringValue() + ": " + build.get("message").stringValue();
  }

  private static String log(JsonNode build) {
    return server.log(build.get("build_id").stringValue());
  }

  private static String text(Map<String, byte[]> members, String name) {
    assertThat(members).containsKey(name);
    return new String(members.getOrDefault(name, new byte[0]), StandardCharsets.UTF_8);
  }

  private static Map<String, byte[]> unpacked(JsonNode build) throws IOException {
    byte[] tar = server.get("/download/" + build.get("build_id").stringValue()).http().body();
    Map<String, byte[]> members = new HashMap<>();
    try (TarArchiveInputStream in = new TarArchiveInputStream(new ByteArrayInputStream(tar))) {
      for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        members.put(entry.getName(), in.readAllBytes());
      }
    }
    return members;
  }
}
