package dev.raccoon.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MixProjectsTest {
  /** As {@code mix new} writes it. */
  private static final String NEW =
      """
      defmodule Demo.MixProject do
        use Mix.Project

        def project do
          [
            app: :demo,
            version: "0.1.0",
            elixir: "~> 1.14",
            start_permanent: Mix.env() == :prod,
            deps: deps()
          ]
        end

        # Run "mix help compile.app" to learn about applications.
        def application do
          [
            extra_applications: [:logger]
          ]
        end

        # Run "mix help deps" to learn about dependencies.
        defp deps do
          [
            # {:dep_from_hexpm, "~> 0.3.0"},
            # {:dep_from_git, git: "https://git.example.org/my_dep.git", tag: "0.1.0"}
          ]
        end
      end
      """;

  @TempDir Path tree;

  @Test
  void aNewProjectHasNothingToFetch() throws Exception {
    write("mix.exs", NEW);
    assertThat(MixProjects.in(tree)).isEqualTo(new MixProjects(Map.of("demo", Path.of("")), false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[app: :demo, version: \"1\", deps: []]",
        "[app: :demo, deps: deps]\ndefp deps, do: []",
        "[app: :demo, deps_path: \"../../deps\", deps: deps()]\n def deps() do\n[ ]\nend",
        "[app: :demo]"
      })
  void whatSaysThatItNeedsNothingHasNothingToFetch(String text) throws Exception {
    write("mix.exs", text);
    assertThat(MixProjects.in(tree).mayFetch()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[app: :demo, deps: [{:a, \"~> 1.0\"}]]",
        "[app: :demo, deps: [a: \"~> 1.0\"]]",
        "[app: :demo, deps: deps()]\ndefp deps, do: [{:a, git: \"https://git.example.org/a#{x}\"}]",
        "[app: :demo, deps: deps()]\ndefp deps do\n[]\n++ more()\nend",
        "[app: :demo, deps: deps(Mix.env())]\ndefp deps(_), do: []",
        "Code.require_file(\"shared.exs\")\nShared.project()",
        ""
      })
  void whatMayNeedSomethingMayFetch(String text) throws Exception {
    write("mix.exs", text);
    assertThat(MixProjects.in(tree).mayFetch()).isTrue();
  }

  @Test
  void aLockOrAPartOfAnUmbrellaMayFetchAsWell() throws Exception {
    write("mix.exs", "[apps_path: \"apps\", deps: []]");
    write("apps/one/mix.exs", NEW);
    assertThat(MixProjects.in(tree).mayFetch()).isFalse();
    write("apps/two/mix.exs", "[app: :two, deps: [{:one, in_umbrella: true}]]");
    assertThat(MixProjects.in(tree).mayFetch()).isTrue();
    Files.delete(tree.resolve("apps/two/mix.exs"));
    write("mix.lock", "%{}");
    assertThat(MixProjects.in(tree).mayFetch()).isTrue();
  }

  @Test
  void projectsAreNamedByTheirFilesElseByTheirFolders() throws Exception {
    write("mix.exs", "[apps_path: \"apps\"]");
    write("apps/one/mix.exs", "# app: :zero\n[app: :one]");
    write("apps/two/mix.exs", "[app: @app]");
    write("parts/three/rebar.config", "");
    write("deps/fetched/mix.exs", "[app: :fetched]");
    write("_build/prod/lib/mix.exs", "[app: :built]");
    write(".hidden/mix.exs", "[app: :hidden]");
    write("one/two/three/mix.exs", "[app: :deep]");
    assertThat(MixProjects.in(tree).folders())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "one", Path.of("apps/one"),
                "two", Path.of("apps/two"),
                "three", Path.of("parts/three")));
  }

  @Test
  void aHostileFileIsReadInNoTime() throws Exception {
    for (String piece :
        new String[] {"deps: ", "deps: [", "app: ", "defp deps do [ ", "#", "deps_path: \""}) {
      write("mix.exs", piece.repeat((256 << 10) / piece.length()));
      assertThat(MixProjects.in(tree).folders()).isEmpty();
    }
    write("mix.exs", " ".repeat((256 << 10) - 10) + "deps: [");
    assertThat(MixProjects.in(tree).mayFetch()).isTrue();
  }

  @Test
  void linksThatLeaveTheTreeAreNotFollowed() throws Exception {
    Path own = Files.createDirectory(tree.resolve("own"));
    write("elsewhere/mix.exs", "[app: :elsewhere]");
    Files.createSymbolicLink(own.resolve("out"), tree.resolve("elsewhere"));
    Files.createSymbolicLink(own.resolve("mix.exs"), tree.resolve("elsewhere/mix.exs"));
    assertThat(MixProjects.in(own).folders()).isEmpty();
    Files.createDirectory(own.resolve("part"));
    Files.createSymbolicLink(own.resolve("part/mix.exs"), tree.resolve("elsewhere/mix.exs"));
    assertThat(MixProjects.in(own).folders()).containsOnlyKeys("part");
  }

  private void write(String name, String text) throws IOException {
    Path file = tree.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
