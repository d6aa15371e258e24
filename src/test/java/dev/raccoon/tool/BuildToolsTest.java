package dev.raccoon.tool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.config.Settings;
import dev.raccoon.sandbox.ControlGroups;
import dev.raccoon.sandbox.Sandbox;
import dev.raccoon.toolchain.OtpInstallation;
import dev.raccoon.toolchain.RepositoryConfig;
import dev.raccoon.value.BuildLimits;
import dev.raccoon.value.OtpVersion;
import dev.raccoon.value.PackageName;
import dev.raccoon.value.Ref;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trees of empty files, and of Makefiles as they are written. */
class BuildToolsTest {
  private static final String ERLANG_MK = "PROJECT = p\nDEPS = ranch\ninclude erlang.mk\n";

  @TempDir Path folder;
  private Path tree;
  private BuildTools tools;

  @BeforeEach
  void makeTree() throws IOException {
    tree = Files.createDirectory(folder.resolve("tree"));
    BuildLimits limits = Settings.of(Map.of()).builds().limits();
    Sandbox sandbox =
        new Sandbox(
            folder.resolve("sandbox"),
            Sandbox.Mode.BUBBLEWRAP,
            ControlGroups.find("tools", "no-such-folder"),
            limits);
    Trial trial = new Trial(sandbox, limits, folder.resolve("trials"), Clock.systemUTC());
    ProgramSearch none = new ProgramSearch(List.of(), List.of());
    tools =
        BuildTools.of(
            new Rebar3Programs(none, folder.resolve("rebar3"), trial),
            new ElixirPrograms(none, trial),
            new HexArchives(List.of(), trial));
  }

  @Test
  void aRebarConfigIsForRebar3WhateverElseIsThere() throws Exception {
    write("rebar.config", "");
    assertThat(tool()).isEqualTo("rebar3");
    write("erlang.mk", "");
    write("Makefile", ERLANG_MK);
    write("bootstrap", "");
    assertThat(tool()).isEqualTo("rebar3");
  }

  @Test
  void whereErlangMkBuildsARebarConfigOfAFormatterIsNoBuild() throws Exception {
    write("rebar.config", "{plugins, [rebar3_format]}.\n{format, [{files, [\"src/*.erl\"]}]}.\n");
    assertThat(tool()).isEqualTo("rebar3");
    write("Makefile", ERLANG_MK);
    assertThat(tool()).isEqualTo("erlang.mk");
    write("rebar.config", "{erl_opts, [debug_info]}.\n{format, []}.\n");
    assertThat(tool()).isEqualTo("rebar3");
    write("rebar.config", "{format, [}.\n");
    assertThat(tool()).as("whatever it says").isEqualTo("rebar3");
  }

  @Test
  void aScriptOfRebarsConfigurationIsEnough() throws Exception {
    write("rebar.config.script", "");
    assertThat(tool()).isEqualTo("rebar3");
  }

  @Test
  void aMixProjectIsForMixUnlessRebarsConfigurationIsThere() throws Exception {
    write("mix.exs", "");
    write("src/p.app.src", "");
    write("Makefile", "all:\n\tmix compile\n");
    assertThat(tool()).isEqualTo("mix");
    write("rebar.config.script", "");
    assertThat(tool()).isEqualTo("rebar3");
  }

  @Test
  void whereErlangMkBuildsAMixProjectWithoutElixirIsACourtesy() throws Exception {
    write("mix.exs", "");
    write("Makefile", ERLANG_MK);
    assertThat(tool()).isEqualTo("erlang.mk");
    write("lib/p.ex", "");
    assertThat(tool()).isEqualTo("mix");
  }

  @Test
  void withoutElixirAMixProjectIsToldSo() throws Exception {
    write("mix.exs", "");
    assertThat(tools.choose(checkout()))
        .isEqualTo(
            new Choice.NoProgram("This server has no Elixir: its operator must install it."));
  }

  @Test
  void aSourceOfAResourceFileIsEnoughForRebar3() throws Exception {
    write("src/p.app.src", "");
    assertThat(tool()).isEqualTo("rebar3");
    write("Makefile", "all:\n\t./rebar compile\n");
    write("rebar", "");
    assertThat(tool()).as("rebar 2's").isEqualTo("rebar3");
  }

  @Test
  void anUmbrellaWithoutConfigurationIsForRebar3() throws Exception {
    write("apps/one/src/one.app.src", "");
    assertThat(tool()).isEqualTo("rebar3");
  }

  @Test
  void aResourceFileBesideModulesIsEnoughForRebar3() throws Exception {
    write("src/p.erl", "");
    write("ebin/p.app", "");
    assertThat(tool()).isEqualTo("rebar3");
    write("Makefile", "all:\n\terlc -o ebin src/*.erl\n");
    assertThat(tool()).as("its Makefile may do more").isEqualTo("make");
  }

  @Test
  void aMakefileThatIncludesErlangMkIsForIt() throws Exception {
    write("Makefile", ERLANG_MK);
    write("src/p.app.src", "");
    assertThat(tool()).as("though the file is fetched").isEqualTo("erlang.mk");
    write("erlang.mk", "");
    assertThat(tool()).isEqualTo("erlang.mk");
  }

  @Test
  void theNameInACommentOrCommandIsNoInclusion() throws Exception {
    write("Makefile", "# include erlang.mk\nall: x.app\n\tcat include erlang.mk\n");
    write("src/p.erl", "");
    assertThat(tool()).isEqualTo("make");
  }

  @Test
  void aMakefileThatMayMakeAnApplicationIsForMake() throws Exception {
    write("src/p.erl", "");
    write("Makefile", "all:\n\tsed s/x/y/ p.app.in > ebin/p.app\n\terlc -o ebin src/*.erl\n");
    assertThat(tool()).isEqualTo("make");
  }

  @Test
  void aMakefileOfWhichNoApplicationCanComeLeavesItToRaccoon() throws Exception {
    write("src/p.erl", "");
    write("Makefile", "all:\n\terlc -o ebin src/*.erl\n");
    assertThat(tool()).isEqualTo("plain");
  }

  @Test
  void modulesAloneAreEnough() throws Exception {
    write("src/p.erl", "");
    assertThat(tool()).isEqualTo("plain");
  }

  @Test
  void scriptsThatMakeAMakefileAreRunFirst() throws Exception {
    write("src/p.erl", "");
    write("configure", "");
    assertThat(titles(recipe().compile())).containsExactly("./configure", "make");
    write("bootstrap", "");
    assertThat(titles(recipe().compile())).containsExactly("./bootstrap", "./configure", "make");
    Files.delete(tree.resolve("configure"));
    assertThat(titles(recipe().compile())).containsExactly("./bootstrap");
  }

  @Test
  void autoconfsProjectIsForMakeWhateverRebarCouldTakeItFor() throws Exception {
    write("src/p.erl", "");
    write("src/p.app.src", "");
    write("configure", "");
    assertThat(tool()).as("it may configure anything").isEqualTo("rebar3");
    write("Makefile.in", "");
    assertThat(tool()).isEqualTo("make");
    assertThat(titles(recipe().compile())).containsExactly("./configure", "make");
    write("rebar.config", "");
    assertThat(tool()).isEqualTo("rebar3");
  }

  @Test
  void modulesMayLieBelowFoldersOfSrcWhereAMakefileIsMade() throws Exception {
    write("src/p/p.erl", "");
    write("Makefile.in", "");
    write("configure.ac", "");
    assertThat(titles(recipe().compile()))
        .containsExactly("autoreconf --force --install", "./configure", "make");
    write("autogen.sh", "");
    assertThat(titles(recipe().compile())).containsExactly("./autogen.sh", "./configure", "make");
    Files.delete(tree.resolve("configure.ac"));
    assertThat(titles(recipe().compile())).containsExactly("./autogen.sh", "make");
  }

  @Test
  void aMakefileMayReadWhatConfiguringMakes() throws Exception {
    write("src/p.erl", "");
    write("Makefile", "include config.mk\nall: ebin/p.app\n");
    write("configure", "");
    assertThat(titles(recipe().compile())).containsExactly("./configure", "make");
    write("Makefile", "include config.mk\nall: ebin/p.app\ndeps:\n\tgit clone x\n");
    assertThat(titles(recipe().prepare())).containsExactly("./configure", "make deps");
    assertThat(titles(recipe().compile())).containsExactly("make");
  }

  @Test
  void aResourceFileOfAFormOfItsOwnIsForTheMakefileThatKnowsIt() throws Exception {
    write("src/p.erl", "");
    write("src/p.app.src", "{application, p, [{vsn, \"%V%\"}, {modules, [%MODULES%]}]}.\n");
    assertThat(tool()).isEqualTo("rebar3");
    write("Makefile", "include erl.mk\nall:\n\terlc -o ebin src/*.erl\n");
    assertThat(tool()).isEqualTo("make");
  }

  @Test
  void aRebarConfigThatIsMadeIsStillForRebar3() throws Exception {
    write("src/p.erl", "");
    write("Makefile", "rebar.config: rebar.config.in\n\tsed s/a/b/ $< > $@\n");
    assertThat(tool()).isEqualTo("rebar3");
    Files.delete(tree.resolve("Makefile"));
    write("rebar.config.in", "");
    assertThat(tool()).isEqualTo("plain");
    write("configure", "");
    assertThat(tool()).isEqualTo("rebar3");
  }

  @Test
  void rebar2IsForAnOtpWithoutRebar3() throws Exception {
    write("src/p.app.src", "");
    assertThat(tools.choose(checkout())).isInstanceOf(Choice.NoProgram.class);
    write("rebar", "");
    assertThat(titles(recipe().compile())).containsExactly("./rebar compile");
    assertThat(recipe().prepare()).isEmpty();
    write("rebar.config", "{deps, [{x, \".*\", {git, \"https://git.example.org/x\", \"1\"}}]}.\n");
    assertThat(titles(recipe().prepare())).containsExactly("./rebar get-deps");
  }

  @Test
  void rebar2IsForWhoeverAsksAndBringsIt() throws Exception {
    write("src/p.app.src", "");
    write("raccoon.yaml", "build_tool: rebar\n");
    assertThat(tools.choose(checkout()))
        .isEqualTo(
            new Choice.Unbuildable("The repository does not bring rebar 2 along, as ./rebar."));
    write("rebar", "");
    assertThat(recipe().tool()).isEqualTo("rebar");
  }

  @Test
  void whatLiesBelowDepsBeforeAnythingIsFetchedIsTheRepositorysOwn() throws Exception {
    write("Makefile", ERLANG_MK);
    write("erlang.mk", "");
    assertThat(recipe().output()).isEqualTo(new Output.InPlace(List.of()));
    write("deps/own/Makefile", ERLANG_MK);
    write("deps/module/.git", "gitdir: ../../.git/modules/module\n");
    write("deps/a_file", "");
    assertThat(recipe().output()).isEqualTo(new Output.InPlace(List.of(Path.of("deps/own"))));
  }

  @Test
  void makesTargetThatFetchesIsMadeWithTheWayOut() throws Exception {
    write("src/p.erl", "");
    write("Makefile", "all: p.app\n\nget-deps :\n\tgit clone x\n\ndeps: get-deps\n");
    assertThat(titles(recipe().prepare())).containsExactly("make get-deps");
    write("Makefile", "deps := a\ndeps_dir: p.app\n");
    assertThat(recipe().prepare()).isEmpty();
    assertThat(titles(recipe().compile())).containsExactly("make");
  }

  @Test
  void erlangMkFetchesAsItsVersionCan() throws Exception {
    write("Makefile", ERLANG_MK);
    write("erlang.mk", "deps::\n\nfetch-deps: $(LIST)\n");
    assertThat(titles(recipe().prepare()))
        .containsExactly("make fetch-deps", "Checking the dependencies");
    write("erlang.mk", "deps::\n");
    assertThat(titles(recipe().prepare()))
        .containsExactly("make deps", "Checking the dependencies");
    write("Makefile", "PROJECT = p\nTEST_DEPS = ct\n# DEPS = x\ninclude erlang.mk\n");
    assertThat(recipe().prepare()).isEmpty();
    write("apps/one/Makefile", ERLANG_MK);
    assertThat(recipe().prepare()).isNotEmpty();
  }

  @Test
  void anOldErlangMkIsToldToTakeNoWarningForAnError() throws Exception {
    write("Makefile", "PROJECT = p\nTEST_ERLC_OPTS = +x\ninclude erlang.mk\n");
    write("erlang.mk", "ERLC_OPTS ?= -Werror +debug_info\n");
    assertThat(recipe().compile().getFirst().arguments()).contains("ERLC_OPTS=+debug_info");
    write("Makefile", "PROJECT = p\nERLC_OPTS += +x\ninclude erlang.mk\n");
    assertThat(recipe().compile().getFirst().arguments())
        .containsExactly("make", "deps", "app", "IS_DEP=1");
  }

  @Test
  void whatIsNoErlangIsToldInASentence() throws Exception {
    write("README.md", "");
    write("main.c", "");
    write("Makefile", "all:\n\tgcc main.c\n");
    assertThat(tools.choose(checkout())).isInstanceOf(Choice.Unbuildable.class);
  }

  @Test
  void linksThatLeaveTheTreeAreNotFollowed() throws Exception {
    Path outside = folder.resolve("outside");
    Files.createDirectories(outside.resolve("src"));
    Files.writeString(outside.resolve("src/p.erl"), "");
    Files.writeString(outside.resolve("Makefile"), ERLANG_MK);
    Files.createSymbolicLink(tree.resolve("src"), outside.resolve("src"));
    Files.createSymbolicLink(tree.resolve("ebin"), tree.resolve("ebin"));
    Files.createSymbolicLink(tree.resolve("Makefile"), outside.resolve("Makefile"));
    assertThat(tools.fitting(checkout())).isEmpty();
  }

  @Test
  void aRepositorysNameBecomesAnApplications() {
    assertThat(Plain.applicationName("my-Lib.erl")).isEqualTo("my_lib_erl");
    assertThat(Plain.applicationName("2048")).isEqualTo("app_2048");
    assertThat(Plain.applicationName("_x")).isEqualTo("app__x");
  }

  @Test
  void aTagBecomesAVersion() {
    assertThat(Plain.version(new Ref("v1.2.0"))).isEqualTo("1.2.0");
    assertThat(Plain.version(new Ref("1.2.0-rc1"))).isEqualTo("1.2.0-rc1");
    assertThat(Plain.version(new Ref("vanilla"))).isEqualTo("vanilla");
    assertThat(Plain.version(new Ref("feature/x"))).isEqualTo("0");
    assertThat(Plain.version(new Ref("a".repeat(40)))).isEqualTo("0");
  }

  private String tool() throws IOException {
    return tools.fitting(checkout()).orElseThrow().name();
  }

  private Recipe recipe() throws Exception {
    if (tools.choose(checkout()) instanceof Choice.Chosen(Recipe recipe)) {
      return recipe;
    }
    throw new AssertionError("there is no recipe");
  }

  private static List<String> titles(List<Task> tasks) {
    return tasks.stream().map(Task::title).toList();
  }

  private Checkout checkout() throws IOException {
    return new Checkout(
        new PackageName("acme", "p"),
        new Ref("1.0.0"),
        tree,
        RepositoryConfig.read(tree),
        new OtpInstallation(folder, new OtpVersion("25.2.3"), "13.1.5", List.of()));
  }

  private void write(String name, String text) throws IOException {
    Path file = tree.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
