package dev.raccoon.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is quoted was printed by Elixir 1.14, or is as later ones print it. */
class MixDiagnosisTest {
  private static final Elixir ELIXIR = new Elixir(Path.of("/opt/elixir"), "1.14.0");

  @Test
  void whatTheCompilerRefusesIsToldWithItsPlace() {
    compiler(
        """
        Compiling 1 file (.ex)

        == Compilation error in file lib/p1.ex ==
        ** (CompileError) lib/p1.ex:2: undefined function y/0 (expected P1 to define such a function)

        """,
        "lib/p1.ex:2: undefined function y/0 (expected P1 to define such a function)");
    compiler(
        """
        == Compilation error in file lib/p1.ex ==
        ** (SyntaxError) lib/p1.ex:2:17: unexpected token: ). The "do" at line 1 is missing terminator "end"
            (elixir 1.14.0) lib/kernel/parallel_compiler.ex:346: anonymous fn/5 in Kernel
        """,
        "lib/p1.ex:2:17: unexpected token: ). The \"do\" at line 1 is missing terminator \"end\"");
    source(
        "** (SyntaxError) mix.exs:6: unexpected token: \":\"\n",
        "mix.exs:6: unexpected token: \":\"");
  }

  @Test
  void whatLaterCompilersRefuseIsToldWithItsPlace() {
    compiler(
        """
            warning: variable "z" is unused
            │
          2 │   def z(z), do: 1
            │         ~
            │
            └─ lib/p1.ex:2:9: P1.z/1

            error: undefined variable "x"
            │
          3 │     x
            │     ^
            │
            └─ lib/p1.ex:3:5: P1.a/0


        == Compilation error in file lib/p1.ex ==
        ** (CompileError) lib/p1.ex: cannot compile module P1 (errors have been logged)
        """,
        "lib/p1.ex:3:5: undefined variable \"x\"");
    source(
        """
        error: undefined variable "deps"
          mix.exs:12: Demo.MixProject.project/0

        ** (CompileError) mix.exs: cannot compile module Demo.MixProject (errors have been logged)
        """,
        "mix.exs:12: undefined variable \"deps\"");
    compiler(
        """
        ** (TokenMissingError) token missing on lib/foo.ex:1:5:
            error: missing terminator: ]
            │
          1 │ [123
            │ │   └ missing closing delimiter (expected "]")
            │ └ unclosed delimiter
            │
            └─ lib/foo.ex:1:5
        """,
        "lib/foo.ex:1:5: missing terminator: ]");
  }

  @Test
  void whatAModuleRaisesWhileItIsCompiledIsToldWithItsFile() {
    compiler(
        """
        == Compilation error in file lib/p1.ex ==
        ** (UndefinedFunctionError) function Nope.bar/0 is undefined (module Nope is not available)
            Nope.bar()
            lib/p1.ex:2: (module)
        """,
        "lib/p1.ex: function Nope.bar/0 is undefined (module Nope is not available)");
    compiler(
        """
        == Compilation error in file lib/maps.ex ==
        ** (exit) an exception was raised:
            ** (File.Error) could not read file "x.txt": no such file or directory
                lib/maps.ex:174: anonymous fn/1 in :elixir_compiler_21.__MODULE__/1
        could not compile dependency :maps, "mix compile" failed. Errors may have been logged above.
        """,
        "lib/maps.ex: could not read file \"x.txt\": no such file or directory");
  }

  @Test
  void whatErlangsCompilerRefusesIsTold() {
    compiler(
        "Compiling 1 file (.erl)\nsrc/p1_e.erl:3:8: function b/0 undefined\n%    3| a() -> b().\n\n",
        "src/p1_e.erl:3:8: function b/0 undefined");
  }

  @Test
  void aDependencyThatGitDidNotFetchIsNamed() {
    dependency(
        """
        * Getting demo (https://git.example.org/demo.git)
        origin/HEAD set to main
        * Getting foo (https://git.example.org/foo.git - v9)
        error: pathspec 'v9' did not match any file(s) known to git
        ** (Mix) Command "git --git-dir=.git checkout --quiet v9" failed
        """,
        "The dependency foo");
    dependency("** (Mix) Command \"git --git-dir=.git fetch\" failed\n", "A dependency");
  }

  @Test
  void aDependencyThatIsNotThereIsNamed() {
    dependency(
        """
        Unchecked dependencies for environment prod:
        * foo (https://git.example.org/foo.git)
          the dependency is not available, run "mix deps.get"
        ** (Mix) Can't continue due to errors on dependencies
        """,
        "The dependency foo");
  }

  @Test
  void aPackageThatHexDoesNotHaveIsNamed() {
    dependency(
        """
        Failed to fetch record for emlx from registry (using cache instead)
        {:failed_connect, [{:to_address, {'hex.example', 443}}]}
        ** (Mix) No package with name emlx (from: mix.exs) in registry
        """,
        "The dependency emlx");
    dependency(
        "Failed to fetch record for 'hexpm/plug' from registry (using cache)\n",
        "The dependency plug");
    dependency(
        "** (Mix) Hex dependency resolution failed, relax the version requirements\n",
        "A dependency");
  }

  @Test
  void aVersionThatTheRepositoryDoesNotHaveIsNamedWhateverElseHexHasLookedFor() {
    assertThat(
            read(
                """
                Failed to check for new Hex version
                {:could_not_establish_ssl_tunnel, {~c"HTTP/1.1", 403, ~c"Raccoon does not let builds connect"}}
                Failed to fetch record for makeup_html from registry (using cache instead)
                This could be because the package does not exist, it was spelled incorrectly or you don't have permissions to it
                ** (Mix) Unknown package version earmark_parser 1.4.39 in lockfile
                """))
        .isEqualTo(
            new Finding.Unmet(
                "The dependency earmark_parser 1.4.39 could not be had: the Hex repository has no"
                    + " such package, or not this version."));
  }

  @Test
  void aPackageThatTheRepositoryWasReachedForAndDoesNotGiveIsSaidToBeMissingThere() {
    assertThat(
            read(
                """
                Failed to fetch record for unicode from registry (using cache instead)
                This could be because the package does not exist, it was spelled incorrectly or you don't have permissions to it
                ** (Mix) No package with name unicode (from: mix.exs) in registry
                """))
        .isEqualTo(
            new Finding.Dependency(
                "The dependency unicode",
                Optional.of("the Hex repository has no such package, or not this version.")));
    assertThat(read("** (Mix) Unknown package unicode in lockfile\n"))
        .isEqualTo(
            new Finding.Unmet(
                "The dependency unicode could not be had: the Hex repository has no such package,"
                    + " or not this version."));
  }

  @Test
  void aPackageOfHexWithoutHexTellsTheOperatorWhatToSet() {
    for (String printed :
        new String[] {
          "** (Mix) Raccoon has no Hex for the dependency jason\n",
          "Could not find Hex, which is needed to build dependency :jason\nShall I install Hex?",
          "** (Mix) Could not find an SCM for dependency :jason from P1.MixProject\n"
        }) {
      toolchain(
          printed,
          "The dependency jason is a package of Hex, and this server has no Hex archive that runs on"
              + " Elixir 1.14.0: its operator must name one with RACCOON_HEX_ARCHIVE.");
    }
  }

  @Test
  void whatIsNotWhatItShouldBeIsTold() {
    assertThat(read("** (Mix) Registry checksum mismatch against lock (jason 1.4.0)\n"))
        .isEqualTo(
            new Finding.Unmet(
                "The dependency jason is not the one that mix.lock means: its checksum there is"
                    + " another."));
    assertThat(
            read(
                "Could not verify authenticity of fetched registry file because signature"
                    + " verification failed. This may happen because a proxy is in the way\n"))
        .isInstanceOfSatisfying(
            Finding.Unmet.class,
            found -> assertThat(found.sentence()).contains("RACCOON_HEX_MIRROR_KEY"));
    assertThat(
            read(
                "** (Mix.Error) Could not verify authenticity of fetched registry file. This may happen"
                    + " because a proxy or some entity is interfering with the download\n"))
        .isInstanceOfSatisfying(
            Finding.Unmet.class,
            found -> assertThat(found.sentence()).contains("RACCOON_HEX_MIRROR_KEY"));
  }

  @Test
  void anotherElixirThatIsNeededIsNamed() {
    toolchain(
        "** (Mix) You're trying to run :p1 on Elixir v1.14.0 but it has declared in its mix.exs file"
            + " it supports only Elixir ~> 1.17\n",
        "p1 needs Elixir ~> 1.17, and the newest of this server that runs on this OTP is 1.14.0.");
  }

  @Test
  void dependenciesThatDoNotAgreeAreTold() {
    unclear(
        """
        Dependencies have diverged:
        * foo (https://git.example.org/foo.git)
          different specs were given for the foo app:
        ** (Mix) Can't continue due to errors on dependencies
        """,
        "its dependencies want different versions of foo");
  }

  @Test
  void whatIsWrongInTheProjectFileIsTheRepositorysFault() {
    source(
        "** (SyntaxError) mix.exs:4:1: unexpected reserved word: end. The \"[\" at line 3 is missing terminator \"]\"\n",
        "mix.exs:4:1: unexpected reserved word: end. The \"[\" at line 3 is missing terminator \"]\"");
    source(
        """
        ** (MismatchedDelimiterError) mismatched delimiter found on mix.exs:4:1:
            error: unexpected reserved word: end
            │
          3 │   def project, do: [app: :x
            │                    └ unclosed delimiter
          4 │ end
            │ └ mismatched closing delimiter (expected "]")
            │
            └─ mix.exs:4:1
        """,
        "mix.exs:4:1: unexpected reserved word: end");
    source(
        """
        ** (RuntimeError) no way
            mix.exs:3: X.MixProject.project/0
            (mix 1.14.0) lib/mix/project.ex:838: Mix.Project.get_project_config/1
        """,
        "mix.exs:3: no way");
    source(
        "** (Mix) Could not find a Mix.Project, please ensure you are running Mix in a directory with a mix.exs file\n",
        "mix.exs defines no project.");
  }

  @Test
  void dependenciesThatLeadBackAreTold() {
    assertThat(
            read(
                "** (Mix) Trying to load A.MixProject from \"/build/a/deps/a/mix.exs\" but another project with the same name was already defined at \"/build/a/mix.exs\"\n"))
        .isEqualTo(
            new Finding.Unmet(
                "The dependencies go round in a circle: they need a, which is the project itself."));
  }

  @Test
  void whatElseWasRaisedIsTheLastWord() {
    unclear(
        """
        ** (System.EnvError) could not fetch environment variable "X" because it is not set
            (elixir 1.14.0) lib/system.ex:706: System.fetch_env!/1
        could not compile dependency :foo, "mix compile" failed. Errors may have been logged above.
        """,
        "could not fetch environment variable \"X\" because it is not set");
    unclear(
        "warning: unused\nCompilation failed due to warnings while using the --warnings-as-errors option\n",
        "Compilation failed due to warnings while using the --warnings-as-errors option");
    unclear("", "mix ended with status 1 and said nothing.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        " ",
        "a",
        ".ex:",
        "a.ex:1",
        "error: ",
        "error: a\n",
        "    error: a\n│\n",
        "└─ ",
        "** (",
        "** (A) ",
        "* Getting ",
        "* a (",
        "== Compilation error in file ",
        "\n",
        "Unchecked dependencies for \n",
        "** (Mix) Trying to load a from \"deps/",
        "** (A) a\n    mix.exs:"
      })
  void hostileOutputIsReadInNoTime(String piece) {
    String output = piece.repeat(256 * 1024 / piece.length());

    assertThat(read(output)).isNotNull();
    assertThat(read("== Compilation error in file a ==\n" + output)).isNotNull();
    assertThat(read("Unchecked dependencies for x:\n* " + output)).isNotNull();
    assertThat(read("** (Mix) You're trying to run :" + output)).isNotNull();
  }

  private static void compiler(String printed, String line) {
    assertThat(read(printed)).isEqualTo(new Finding.Compiler(line));
  }

  private static void dependency(String printed, String what) {
    assertThat(read(printed)).isEqualTo(new Finding.Dependency(what));
  }

  private static void source(String printed, String sentence) {
    assertThat(read(printed)).isEqualTo(new Finding.Source(sentence));
  }

  private static void toolchain(String printed, String sentence) {
    assertThat(read(printed)).isEqualTo(new Finding.Toolchain(sentence));
  }

  private static void unclear(String printed, String words) {
    assertThat(read(printed)).isEqualTo(new Finding.Unclear(words));
  }

  private static Finding read(String printed) {
    return new MixDiagnosis(ELIXIR).of(printed, 1);
  }
}
