package dev.raccoon.toolchain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.toolchain.Dependency.Git;
import dev.raccoon.toolchain.Dependency.Hex;
import dev.raccoon.toolchain.Dependency.Revision;
import dev.raccoon.value.OtpSelector;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RepositoryConfigTest {
  private static final String URL = "https://github.com/acme/dep";
  private static final String REBAR =
      """
      %% the forms that rebar3 and rebar 2 know
      {erl_opts, [debug_info]}.
      {deps, [
        {a, {git, "URL", {tag, "1.0"}}},
        {b, ".*", {git, "URL", {branch, "main"}}},
        {c, "1.*", {git, "URL", {ref, "abc"}}, [raw]},
        {d, {git, "URL"}},
        {e, {git, "URL", "v1"}},
        {f, {git_subdir, "URL", {tag, "2"}, "apps/f"}},
        g, {h, "1.2.3"}, {i, <<"~> 2.0">>},
        {j, {pkg, jay}}, {k, "3.0", {pkg, kay}}, {l, "4.0", {pkg, ell, "hash"}}
      ]}.
      """
          .replace("URL", URL);

  @TempDir Path tree;

  @Test
  void whatAnUmbrellasApplicationsNeedIsFetchedToo() throws IOException {
    Files.createDirectories(tree.resolve("apps/one/src"));
    Files.writeString(tree.resolve("apps/one/rebar.config"), "{erl_opts, [debug_info]}.\n");
    Files.createDirectories(tree.resolve("lib"));
    Files.writeString(tree.resolve("lib/not_a_folder"), "");
    assertThat(RepositoryConfig.read(tree).fetches()).isFalse();

    Files.writeString(tree.resolve("apps/one/rebar.config"), "{deps, [demo]}.\n");
    assertThat(RepositoryConfig.read(tree).fetches()).isTrue();
  }

  @Test
  void aTreeWithoutSuchFilesSaysNothing() throws IOException {
    RepositoryConfig config = RepositoryConfig.read(tree);
    assertThat(config.file()).isEmpty();
    assertThat(config.erlang()).isEmpty();
    assertThat(config.settings()).isEmpty();
    assertThat(config.dependencies()).isEmpty();
    assertThat(config.notes()).isEmpty();
  }

  @Test
  void theConfigurationIsKeptInItsOrderWithItsErlangList() throws IOException {
    write(
        "enot_config.json",
        """
        {"name": "demo", "with_source": false, "erlang": ["25", 27, "25", "26.2.1"],
         "deps": [{"name": "x"}], "a": null}
        """);
    RepositoryConfig config = RepositoryConfig.read(tree);
    assertThat(config.file()).contains("enot_config.json");
    assertThat(config.erlang())
        .extracting(OtpSelector::toString)
        .containsExactly("25", "27", "26.2.1");
    assertThat(config.settings().keySet())
        .containsExactly("name", "with_source", "erlang", "deps", "a");
    assertThat(config.settings().get("with_source")).hasToString("false");
    assertThat(config.notes()).isEmpty();
  }

  @Test
  void theOlderNameIsReadWhereThereIsNoOther() throws IOException {
    write("coonfig.json", "{\"erlang\": [\"24\"]}");
    assertThat(RepositoryConfig.read(tree).file()).contains("coonfig.json");
    write("enot_config.json", "{\"erlang\": [\"25\"]}");
    assertThat(RepositoryConfig.read(tree).erlang()).containsExactly(OtpSelector.parse("25"));
  }

  @Test
  void thePackageConfigurationsDependenciesCountWhereItHasSome() throws IOException {
    write("rebar.config", "{deps, [from_rebar]}.");
    write(
        "coonfig.json",
        """
        {"deps": [
          {"name": "a", "url": "URL", "tag": "1.0", "branch": "x"},
          {"name": "b", "url": "URL", "branch": "main"}, {"name": "c", "url": "URL"},
          {"name": "d", "tag": "2.0"}, {"name": "e"},
          {"name": "../f"}, {"url": "URL"}, "g", {"name": "h", "url": 1}
        ]}
        """
            .replace("URL", URL));
    RepositoryConfig config = RepositoryConfig.read(tree);
    assertThat(config.coon()).isTrue();
    assertThat(config.fetches()).isTrue();
    assertThat(config.dependencies())
        .containsExactly(
            new Git("a", URL, Optional.of(new Revision(Revision.Kind.TAG, "1.0"))),
            new Git("b", URL, Optional.of(new Revision(Revision.Kind.BRANCH, "main"))),
            new Git("c", URL, Optional.empty()),
            new Hex("d", "d", Optional.of("2.0")),
            new Hex("e", "e", Optional.empty()));
    assertThat(config.notes()).hasSize(4).contains("Entry 6 of deps has a form that is not known.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rebar.config", "erlang.mk", "Makefile", "mix.exs"})
  void aPackageConfigurationThatSaysNothingOfTheBuildLeavesItToTheOtherTool(String other)
      throws IOException {
    write("enot_config.json", "{\"name\": \"demo\", \"erlang\": [\"25\"]}");
    assertThat(RepositoryConfig.read(tree).coon()).isTrue();
    write(other, "");
    assertThat(RepositoryConfig.read(tree).coon()).isFalse();
    write("enot_config.json", "{\"app_vsn\": \"1.0.0\"}");
    assertThat(RepositoryConfig.read(tree).coon()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "app_vsn": 1.0         | app_vsn must be a text, such as "1.0.0".
          "app_vsn": ["1.0"]     | app_vsn must be a text, such as "1.0.0".
          "with_source": "false" | with_source must be true or false.
          "with_source": 0       | with_source must be true or false.
          "erlang": "25"         | erlang must be a list of OTP versions, such as ["25", "27.3.4"].
          "erlang": {"25": true} | erlang must be a list of OTP versions, such as ["25", "27.3.4"].
          "erlang": ["25", {}]   | erlang must be a list of OTP versions, such as ["25", "27.3.4"].
          "erlang": ["25", 27.3] | erlang must be a list of OTP versions, such as ["25", "27.3.4"].
          """)
  void aSettingOfAnotherKindRefusesTheBuild(String setting, String why) throws IOException {
    write("coonfig.json", "{" + setting + "}");
    assertThat(RepositoryConfig.read(tree).refusal()).contains("coonfig.json: " + why);
    write("rebar.config", "");
    assertThat(RepositoryConfig.read(tree).refusal()).as("whatever builds it").isPresent();
  }

  @Test
  void aSettingThatIsNullIsAsGoodAsNothing() throws IOException {
    write("coonfig.json", "{\"app_vsn\": null, \"with_source\": null, \"erlang\": null}");
    RepositoryConfig config = RepositoryConfig.read(tree);
    assertThat(config.refusal()).isEmpty();
    assertThat(config.erlang()).isEmpty();
  }

  @Test
  void whatIsNoOtpVersionIsLeftOutWithANote() throws IOException {
    write("enot_config.json", "{\"erlang\": [\"25\", \"../x\", -1, \"\\u0000\"]}");
    RepositoryConfig config = RepositoryConfig.read(tree);
    assertThat(config.erlang()).containsExactly(OtpSelector.parse("25"));
    assertThat(config.notes()).containsExactly("erlang has 3 entries that are no OTP version.");
  }

  @Test
  void anErlangListIsBounded() throws IOException {
    String versions =
        IntStream.rangeClosed(1, 500).mapToObj(Integer::toString).collect(Collectors.joining(","));
    write("enot_config.json", "{\"erlang\": [" + versions + "]}");
    RepositoryConfig config = RepositoryConfig.read(tree);
    assertThat(config.erlang()).hasSize(RepositoryConfig.MAX_ERLANG);
    assertThat(config.notes())
        .containsExactly("erlang has more than 16 versions: the rest is left out.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{", "\"x\"", "{} {}", "{\"a\": }", "// x\n{}", "null"})
  void aFileThatIsNoJsonObjectIsLeftOutWithANote(String text) throws IOException {
    write("enot_config.json", text);
    RepositoryConfig config = RepositoryConfig.read(tree);
    assertThat(config.settings()).isEmpty();
    assertThat(config.notes()).singleElement().asString().startsWith("enot_config.json");
  }

  @Test
  void jsonThatIsTooDeepOrTooLargeIsLeftOutWithANote() throws IOException {
    write("enot_config.json", "{\"a\":" + "[".repeat(100_000));
    assertThat(RepositoryConfig.read(tree).notes()).hasSize(1);
    write("enot_config.json", "{}" + " ".repeat(RepositoryConfig.MAX_BYTES));
    assertThat(RepositoryConfig.read(tree).notes())
        .containsExactly("enot_config.json is larger than 262144 bytes.");
  }

  @Test
  void aLinkIsFollowedInsideTheTreeOnly() throws IOException {
    Path work = Files.createDirectory(tree.resolve("work"));
    write("secret.json", "{\"erlang\": [\"25\"]}");
    Path link = work.resolve("enot_config.json");
    for (Path target : List.of(Path.of("../secret.json"), tree.resolve("secret.json"))) {
      Files.createSymbolicLink(link, target);
      assertThat(RepositoryConfig.read(work).notes())
          .containsExactly("enot_config.json leads out of the repository.");
      Files.delete(link);
    }
    Files.createSymbolicLink(link, link.getFileName());
    assertThat(RepositoryConfig.read(work).notes())
        .containsExactly("enot_config.json is no file that can be read.");
    Files.delete(link);
    Files.createDirectory(link);
    assertThat(RepositoryConfig.read(work).notes())
        .containsExactly("enot_config.json is no regular file.");
    Files.delete(link);
    Files.copy(tree.resolve("secret.json"), work.resolve("inside.json"));
    Files.createSymbolicLink(link, Path.of("inside.json"));
    assertThat(RepositoryConfig.read(work).erlang()).hasSize(1);
  }

  @Test
  void everyFormOfADependencyIsRead() throws IOException {
    write("rebar.config", REBAR);
    RepositoryConfig config = RepositoryConfig.read(tree);
    assertThat(config.notes()).isEmpty();
    assertThat(config.dependencies())
        .containsExactly(
            git("a", Revision.Kind.TAG, "1.0"),
            git("b", Revision.Kind.BRANCH, "main"),
            git("c", Revision.Kind.COMMIT, "abc"),
            new Git("d", URL, Optional.empty()),
            git("e", Revision.Kind.COMMIT, "v1"),
            git("f", Revision.Kind.TAG, "2"),
            new Hex("g", "g", Optional.empty()),
            new Hex("h", "h", Optional.of("1.2.3")),
            new Hex("i", "i", Optional.of("~> 2.0")),
            new Hex("j", "jay", Optional.empty()),
            new Hex("k", "kay", Optional.of("3.0")),
            new Hex("l", "ell", Optional.of("4.0")));
  }

  @Test
  void aDependencyOfAnotherFormIsLeftOutWithANote() throws IOException {
    write(
        "rebar.config",
        "{deps, ['../a', {b}, {c, {hg, \"u\"}}, {d, {git, \"u\\n\"}}, {e, {git, url}}, 1,"
            + " {f, {git, \"u\", {tag, 1}}}, {g, {pkg, 'X'}}, ok]}.");
    RepositoryConfig config = RepositoryConfig.read(tree);
    assertThat(config.dependencies()).containsExactly(new Hex("ok", "ok", Optional.empty()));
    assertThat(config.notes())
        .hasSize(8)
        .first()
        .isEqualTo("rebar.config: entry 1 of deps has a form that is not known.");
  }

  @Test
  void aRebarConfigThatCannotBeReadHasNoDependenciesButANote() throws IOException {
    write("rebar.config", "{deps, [a]}.\n{x, fun() -> ok end}.");
    RepositoryConfig config = RepositoryConfig.read(tree);
    assertThat(config.dependencies()).isEmpty();
    assertThat(config.notes())
        .containsExactly(
            "rebar.config, line 2: The reserved word fun cannot stand in a term without quotes.");
    write("rebar.config", "{deps, none}.");
    assertThat(RepositoryConfig.read(tree).notes())
        .containsExactly("rebar.config: deps is no list of dependencies.");
  }

  @Test
  void damagedFilesHaveAnOutcome() throws IOException {
    long seed = new Random().nextLong();
    Mutations mutations = new Mutations(seed);
    byte[] json =
        "{\"erlang\": [\"25\", 27], \"a\": {\"b\": [1.5, null]}}".getBytes(StandardCharsets.UTF_8);
    byte[] rebar = REBAR.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 2_000; i++) {
      Files.write(tree.resolve("coonfig.json"), mutations.bytes(json));
      Files.write(tree.resolve("rebar.config"), mutations.text(rebar));
      assertThat(RepositoryConfig.read(tree).notes())
          .as("seed %d, run %d", seed, i)
          .noneMatch(note -> note.chars().anyMatch(Character::isISOControl));
    }
  }

  private static Git git(String name, Revision.Kind kind, String text) {
    return new Git(name, URL, Optional.of(new Revision(kind, text)));
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(tree.resolve(name), text);
  }
}
