package dev.raccoon.tool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.testing.GitRepository;
import dev.raccoon.testing.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The script that makes rebar3 projects of coon's, run by itself. */
class CoonScriptTest {
  @TempDir Path folder;

  @Test
  void templatesAreRenderedAsTheClientWould() throws Exception {
    write("coonfig.json", "{\"app_vsn\": \"2.0.1\", \"deps\": [{\"name\": \"jsx\"}]}");
    write("src/tree.erl", "-module(tree).");
    write("src/deep/leaf.erl", "-module(leaf).");
    write(
        "src/tree.app.src",
        """
        {application, tree, [ {# a comment #}
          {vsn, "{{app.vsn}}"},
          {applications, {{ app.std_apps + app.apps + ["it's"] }}},
          {modules, {{ modules }}},
          {joined, "{{ ['a', 'b'] | join('-') | upper }}"},
          {missing, "{{ NOBODY_SETS_THIS }}{{ NOBODY_SETS_THIS | default('nothing') }}"},
          {set, {% set all = ['x', app.name] -%}   {{ all }}},
          {choice, {% if 'y' in ['x'] %}1{% elif app.name == 'tree' and not app.has_nifs -%}
             {% if modules is defined and 'root' not in modules %}2{% else %}3{% endif %}
             {%- else %}4{% endif %}},
          {ref, "{{ app.git_tag }}{{ (1 + 2) ~ '.' }}"}
        ]}.
        """);

    Program.Ended ended = run("convert");

    assertThat(ended.output()).isEmpty();
    assertThat(read("src/tree.app.src"))
        .isEqualTo(
            """
            {application, tree, [\s
              {vsn, "2.0.1"},
              {applications, ['kernel', 'stdlib', 'jsx', 'it\\'s']},
              {modules, ['leaf', 'tree']},
              {joined, "A-B"},
              {missing, "nothing"},
              {set, ['x', 'tree']},
              {choice, 2},
              {ref, "1.0.03."}
            ]}.
            """);
    assertThat(read("rebar.config"))
        .isEqualTo("%% coding: utf-8\n{erl_opts,[debug_info]}.\n{deps,[jsx]}.\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "{{ app.vsn                   | there is no }} any more.",
        "{% if x %}                   | this if has no endif.",
        "{% include 'x' %}            | include is not supported.",
        "{{ app.secret }}             | app.secret is not known.",
        "{{ x.y }}                    | .y is not supported.",
        "{{ 1 2 }}                    | the word 2 is not expected here.",
        "{{ }}                        | an expression is missing.",
        "{{ app.vsn }}                | this has no value (app.vsn needs app_vsn in the configuration).",
      })
  void aTemplateThatIsNotUnderstoodIsNamedWithItsLine(String template, String why)
      throws Exception {
    write("enot_config.json", "{}");
    write("src/tree.app.src", "{application, tree, [\n{x, " + template + "}]}.");

    assertThat(lastLine(run("convert")))
        .isEqualTo("coon: cannot convert: src/tree.app.src, line 2: " + why);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "[]                                      | enot_config.json holds no JSON object.",
        "{`name`: }                              | enot_config.json, line 1: this is no JSON.",
        "{`deps`: {}}                            | enot_config.json: deps must be a list.",
        "{`deps`: [{`name`: `../x`}]}            | enot_config.json: an entry of deps has no name of an application.",
        "{`build_vars`: [{`A`: `f(`}]}           | enot_config.json: build_vars: A is no Erlang term.",
        "{`deps`: [{`name`: `a`, `url`: `-x`, `tag`: `1`}]} | deps: -x is no address or revision.",
      })
  void aConfigurationThatIsNotUnderstoodIsNamed(String json, String why) throws Exception {
    write("enot_config.json", json.replace('`', '"'));

    assertThat(lastLine(run("convert"))).isEqualTo("coon: cannot convert: " + why);
  }

  @Test
  void aRebarConfigKeepsWhatTheConfigurationDoesNotSayAndBranchesKeepTheirLock() throws Exception {
    GitRepository library = GitRepository.create(folder.resolve("ns").resolve("library.git"));
    String locked = library.commitFile("src/library.app.src", "{application, library, []}.");
    library.commitFile("README", "later");
    write("rebar.config", "{erl_opts, [warn_unused_vars]}.\n{deps, [jsx]}.\n{plugins, [pc]}.\n");
    write("enot_locks.json", "{\"ns/library\": \"main-" + locked + "\"}");
    write(
        "enot_config.json",
        "{\"build_vars\": [{\"V\": \"3\"}, \"DBG\"], \"deps\": [{\"name\": \"library\", \"url\": \""
            + library.url()
            + "\", \"branch\": \"main\"}]}");

    run("convert");

    assertThat(read("rebar.config"))
        .startsWith("%% coding: utf-8\n{erl_opts,[warn_unused_vars,{d,'V',3},{d,'DBG'}]}.")
        .contains("{ref,\"" + locked + "\"}", "{plugins,[pc]}.")
        .doesNotContain("jsx");
    assertThat(Path.of(folder + "/_build/default/lib/library/README")).doesNotExist();
    assertThat(Path.of(folder + "/_build/default/lib/library/src")).isDirectory();
  }

  @Test
  void aCycleLeadsBackToTheProjectItself() throws Exception {
    GitRepository other = GitRepository.create(folder.resolve("other.git"));
    String back =
        "{\"deps\": [{\"name\": \"tree\", \"url\": \"file:///nowhere\", \"tag\": \"1\"}]}";
    other.commitFile("enot_config.json", back);
    write("src/tree.app.src", "{application, tree, []}.");
    write(
        "enot_config.json",
        "{\"deps\": [{\"name\": \"other\", \"url\": \"" + other.url() + "\"}]}");

    Program.Ended ended = run("convert");

    assertThat(ended.status()).isZero();
    assertThat(ended.output()).contains("other is converted as well").doesNotContain("tree");
    assertThat(read("_checkouts/other/rebar.config")).contains("{tree,{git,");
    assertThat(read("rebar.config")).contains("{ref,\"" + other.commitOf("main") + "\"}");
  }

  private Program.Ended run(String step) throws IOException, InterruptedException {
    write(".raccoon/coon.escript", Coon.TEXT);
    ProcessBuilder builder =
        new ProcessBuilder("escript", ".raccoon/coon.escript", step).directory(folder.toFile());
    builder.environment().put("COON_REF", "1.0.0");
    return Program.run(builder);
  }

  private static String lastLine(Program.Ended ended) {
    assertThat(ended.status()).isEqualTo(1);
    return ended.output().lines().reduce("", (before, line) -> line);
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.resolveSibling(""));
    Files.writeString(file, text);
  }

  private String read(String name) throws IOException {
    return Files.readString(folder.resolve(name));
  }
}
