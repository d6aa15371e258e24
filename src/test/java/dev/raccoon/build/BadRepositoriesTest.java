package dev.raccoon.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.raccoon.testing.DebianLibraries;
import dev.raccoon.testing.GitRepository;
import dev.raccoon.testing.Program;
import dev.raccoon.testing.TestServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Repositories that cannot be built: each has its kind, and a sentence for a person. */
class BadRepositoriesTest {
  @TempDir static Path folder;
  private static final AtomicInteger TREES = new AtomicInteger();
  private static TestServer server;

  @BeforeAll
  static void start() throws IOException {
    server = TestServer.start(folder);
    assumeTrue(
        !server.server().installations().all().isEmpty(), "there is no Erlang/OTP on this machine");
    assumeTrue(server.server().sandboxTrouble().isEmpty(), "there is no sandbox on this machine");
    repository("demo_of_bad", Map.of("rebar.config", "{deps, []}."));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          rebar.config          | {erl_opts, [debug_info | SOURCE: rebar.config, line 1: syntax error before: the end of the file
          rebar.config          | {deps, 17}.            | SOURCE: rebar3 crashed: rebar.config, rebar.lock,
          rebar.config          | {erl_opts, foo}.       | SOURCE: rebar3 crashed: rebar.config, rebar.lock,
          rebar.config.script   | X = {.                 | SOURCE: rebar.config.script, line 1: syntax error before: '.'
          rebar.config.script   | error(no_way).         | SOURCE: rebar.config.script, line
          rebar.lock            | garbage {{             | SOURCE: rebar.lock, line 1: syntax error before: '{'
          src/bad.app.src       | this is no term        | SOURCE: src/bad.app.src, line 1: syntax error before: is
          coonfig.json          | {"name":               | SOURCE: coonfig.json, line
          enot_config.json      | [1]                    | SOURCE: enot_config.json holds no JSON object.
          enot_config.json      | {"deps": "x"}          | SOURCE: enot_config.json: deps must be a list.
          enot_config.json      | {"with_source": "no"}  | SOURCE: enot_config.json: with_source must be true or false.
          coonfig.json          | {"app_vsn": 1.0}       | SOURCE: coonfig.json: app_vsn must be a text, such as "1.0.0".
          coonfig.json          | {"erlang": "25"}       | SOURCE: coonfig.json: erlang must be a list of OTP versions, such as ["25", "27.3.4"].
          raccoon.yaml          | erlang: {a: b}         | SOURCE: raccoon.yaml, line 1: erlang must be a list of OTP versions.
          """)
  void aConfigurationThatIsBrokenIsNamed(String file, String text, String told) throws Exception {
    String name = "bad_" + TREES.get();
    Map<String, String> files = new HashMap<>(Map.of("src/bad.app.src", application("bad")));
    files.put(file, text);
    repository(name, files);
    assertThat(outcome(name, "1.0.0")).startsWith(told);
  }

  @Test
  void aProjectFileOfMixsThatIsBrokenIsNamed() throws Exception {
    assumeTrue(Files.exists(Path.of("/usr/bin/elixir")), "there is no Elixir on this machine");
    repository("bad_mix", Map.of("mix.exs", "defmodule X do\n  [\nend\n", "lib/x.ex", ""));
    repository("no_mix", Map.of("mix.exs", "1 + 1\n", "lib/x.ex", ""));

    assertThat(outcome("bad_mix", "1.0.0")).startsWith("SOURCE: mix.exs:3:1: ");
    assertThat(outcome("no_mix", "1.0.0")).isEqualTo("SOURCE: mix.exs defines no project.");
  }

  @Test
  void aMakefileThatIsBrokenIsQuoted() throws Exception {
    repository(
        "bad_make",
        Map.of(
            "Makefile",
            "all:\n\terlc -o ebin src/x.erl\nifeq (\n",
            "src/x.erl",
            "-module(x).\n",
            "ebin/x.app",
            "{application, x, [{vsn, \"1.0.0\"}]}.\n"));

    assertThat(outcome("bad_make", "1.0.0")).startsWith("COMPILE: ").contains("Makefile:3: ");
  }

  @Test
  void aResourceFileThatIsNoTermIsNamed() throws Exception {
    repository(
        "bad_app",
        Map.of(
            "Makefile",
            "all:\n\terlc -o ebin src/x.erl\n",
            "src/x.erl",
            "-module(x).\n",
            "ebin/x.app",
            "this is no term"));

    assertThat(outcome("bad_app", "1.0.0")).startsWith("COMPILE: x.app, line 1: ");
  }

  @Test
  void aDependencyThatIsNotThereIsNamedWithItsReason() throws Exception {
    repository("rebar3_nobody", rebar3("rebar3_nobody", "nobody", "1.0.0"));
    repository("rebar3_no_tag", rebar3("rebar3_no_tag", "demo_of_bad", "9.9"));
    repository("coon_nobody", coon("coon_nobody", "nobody", "1.0.0"));
    repository("coon_no_tag", coon("coon_no_tag", "demo_of_bad", "9.9"));
    repository("make_nobody", erlangMk("make_nobody", "nobody"));

    assertThat(outcome("rebar3_nobody", "1.0.0"))
        .isEqualTo(
            "DEPENDENCY: The dependency nobody could not be had: git could not fetch the tag 1.0.0 of"
                + " https://git.example.org/nobody.git.");
    assertThat(outcome("rebar3_no_tag", "1.0.0"))
        .isEqualTo(
            "DEPENDENCY: The dependency demo_of_bad could not be had: git could not fetch the tag 9.9 of"
                + " https://git.example.org/demo_of_bad.git.");
    assertThat(outcome("coon_nobody", "1.0.0"))
        .isEqualTo(
            "DEPENDENCY: The dependency nobody could not be had: there is no repository at"
                + " https://git.example.org/nobody.git.");
    assertThat(outcome("coon_no_tag", "1.0.0"))
        .isEqualTo(
            "DEPENDENCY: The dependency demo_of_bad could not be had: its repository has no 9.9.");
    assertThat(outcome("make_nobody", "1.0.0"))
        .startsWith("DEPENDENCY: The dependency nobody could not be had: ");
  }

  @Test
  void dependenciesInACircleAreTold() throws Exception {
    repository("ring_a", rebar3("ring_a", "ring_b", "1.0.0"));
    repository("ring_b", rebar3("ring_b", "ring_a", "1.0.0"));
    repository("coon_a", coon("coon_a", "coon_b", "1.0.0"));
    repository("coon_b", coon("coon_b", "coon_a", "1.0.0"));

    assertThat(outcome("ring_a", "1.0.0"))
        .isEqualTo("DEPENDENCY: The applications ring_a ring_b depend on each other.");
    assertThat(outcome("coon_a", "1.0.0"))
        .isEqualTo("DEPENDENCY: The applications coon_a coon_b depend on each other.");
  }

  @Test
  void dependenciesOfMixInACircleAreTold() throws Exception {
    assumeTrue(Files.exists(Path.of("/usr/bin/elixir")), "there is no Elixir on this machine");
    repository("mix_a", mix("A", "mix_a", "mix_b"));
    repository("mix_b", mix("B", "mix_b", "mix_a"));

    assertThat(outcome("mix_a", "1.0.0"))
        .isEqualTo(
            "DEPENDENCY: The dependencies go round in a circle: they need mix_a, which is the"
                + " project itself.");
  }

  /** Older ones go round until they are stopped: see {@code DependencyCycleTest}. */
  @Test
  void aNewerErlangMkGoesRoundACircleOnce() throws Exception {
    repository("make_a", erlangMk("make_a", "make_b"));
    repository("make_b", erlangMk("make_b", "make_a"));

    assertThat(ended("make_a", "1.0.0").get("state").stringValue()).isEqualTo("SUCCEEDED");
  }

  @Test
  void aTagOfWhatIsNoCommitCannotBeBuilt() throws Exception {
    GitRepository repository = repository("odd_tags", rebar3("odd_tags", "nobody", "1"));
    repository.git("tag", "a-tree", repository.git("rev-parse", "1.0.0^{tree}"));
    repository.git("tag", "-a", "-m", "x", "a-tag-of-a-tree", "a-tree");
    repository.git("tag", "-a", "-m", "x", "a-tag-of-a-tag-of-a-tree", "a-tag-of-a-tree");
    repository.git("tag", "-a", "-m", "x", "a-tag-of-a-blob", "1.0.0:rebar.config");

    for (String tag :
        new String[] {"a-tree", "a-tag-of-a-tree", "a-tag-of-a-tag-of-a-tree", "a-tag-of-a-blob"}) {
      assertThat(outcome("odd_tags", tag))
          .isEqualTo(
              "SOURCE: https://git.example.org/odd_tags.git has no tag, branch or commit "
                  + tag
                  + " that can be built.");
    }
  }

  private static String outcome(String name, String tag) throws Exception {
    JsonNode build = ended(name, tag);
    assertThat(build.get("state").stringValue()).as(name + " " + tag).isEqualTo("FAILED");
    return build.get("failure").stringValue() + ": " + build.get("message").stringValue();
  }

  private static JsonNode ended(String name, String tag) throws Exception {
    TestServer.Reply asked =
        server.post(
            "/buildAsync",
            """
            {"full_name": "acme/%1$s", "clone_url": "https://git.example.org/%1$s.git",
             "versions": {"ref": "%2$s"}}
            """
                .formatted(name, tag));
    return server.ended(asked.response().get("builds").get(0).get("build_id").stringValue());
  }

  private static GitRepository repository(String name, Map<String, String> files)
      throws IOException {
    GitRepository repository =
        GitRepository.create(folder.resolve("repositories").resolve(name + ".git"));
    Path tree = folder.resolve("tree-" + TREES.incrementAndGet());
    for (var file : files.entrySet()) {
      Path path = tree.resolve(file.getKey());
      Files.createDirectories(path.resolveSibling(""));
      Files.writeString(path, file.getValue(), StandardCharsets.UTF_8);
    }
    repository.commit(tree, "All of it");
    repository.tag("1.0.0", "main");
    return repository;
  }

  private static Map<String, String> rebar3(String name, String needs, String tag) {
    return Map.of(
        "src/" + name + ".app.src",
        application(name, needs),
        "rebar.config",
        "{deps, [{%1$s, {git, \"https://git.example.org/%1$s.git\", {tag, \"%2$s\"}}}]}."
            .formatted(needs, tag));
  }

  private static Map<String, String> coon(String name, String needs, String tag) {
    return Map.of(
        "src/" + name + ".app.src",
        application(name, needs),
        "enot_config.json",
        "{\"deps\": [{\"name\": \"%1$s\", \"url\": \"https://git.example.org/%1$s.git\", \"tag\": \"%2$s\"}]}"
            .formatted(needs, tag));
  }

  private static Map<String, String> mix(String module, String name, String needs) {
    return Map.of(
        "mix.exs",
        """
        defmodule %s.MixProject do
          use Mix.Project
          def project, do: [app: :%s, version: "1.0.0", deps: deps()]
          defp deps, do: [{:%3$s, git: "https://git.example.org/%3$s.git", tag: "1.0.0"}]
        end
        """
            .formatted(module, name, needs),
        "lib/x.ex",
        "defmodule " + module + " do\nend\n");
  }

  private static Map<String, String> erlangMk(String name, String needs)
      throws IOException, InterruptedException {
    DebianLibraries.Library library = DebianLibraries.require(DebianLibraries.WITH_ERLANG_MK);
    String text =
        Program.run(
                new ProcessBuilder(
                    "git",
                    "--git-dir=" + library.repository(),
                    "show",
                    library.tag() + ":erlang.mk"))
            .output();
    return Map.of(
        "Makefile",
        """
        PROJECT = %s
        PROJECT_VERSION = 1.0.0
        DEPS = %s
        dep_%2$s = git https://git.example.org/%2$s.git 1.0.0
        include erlang.mk
        """
            .formatted(name, needs),
        "erlang.mk",
        text,
        "src/" + name + ".erl",
        "-module(" + name + ").\n");
  }

  private static String application(String name, String... needs) {
    String others = needs.length == 0 ? "" : ", " + String.join(", ", needs);
    return "{application, %s, [{vsn, \"1.0.0\"}, {registered, []}, {applications, [kernel, stdlib%s]}]}.\n"
        .formatted(name, others);
  }
}
