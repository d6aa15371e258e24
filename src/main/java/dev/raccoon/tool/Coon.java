package dev.raccoon.tool;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.raccoon.tool.Recipe.LaidFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * coon and enot: a project with a {@code coonfig.json} or an {@code enot_config.json} is made one
 * of rebar3's, by an Erlang script that is laid into the tree, and built with that. Those clients
 * themselves are never asked, so that there is one result on every machine.
 *
 * <p>The script runs in the sandbox, since what it reads has more beside the tree itself: the
 * dependencies of the same kind, which are fetched and made rebar3 projects as well.
 */
final class Coon implements BuildTool {
  private static final String SCRIPT = ".raccoon/coon.escript";
  private static final List<String> PARTS =
      List.of(
          "convert.erl",
          "resource_files.erl",
          "template.erl",
          "expression.erl",
          "fetch.erl",
          "build.erl",
          "json.erl");

  /** The whole script. */
  static final String TEXT = script();

  private final Rebar3 rebar3;

  Coon(Rebar3 rebar3) {
    this.rebar3 = rebar3;
  }

  @Override
  public String name() {
    return "coon";
  }

  @Override
  public boolean fits(Checkout checkout) {
    return checkout.config().coon();
  }

  @Override
  public Choice recipe(Checkout checkout) throws IOException, InterruptedException {
    if (checkout.config().file().isEmpty()) {
      return new Choice.Unbuildable(
          "The repository has neither enot_config.json nor coonfig.json, by which coon builds.");
    }
    return switch (rebar3.recipe(checkout)) {
      case Choice.Chosen(Recipe recipe) -> new Choice.Chosen(around(recipe, checkout));
      case Choice.NoProgram none -> none;
      case Choice.Unbuildable unbuildable -> unbuildable;
    };
  }

  private Recipe around(Recipe recipe, Checkout checkout) {
    List<LaidFile> files = new ArrayList<>(recipe.files());
    files.add(new LaidFile(SCRIPT, TEXT));
    List<Task> prepare = new ArrayList<>();
    List<Task> compile = new ArrayList<>();
    if (recipe.prepare().isEmpty()) {
      compile.add(script(checkout, "convert", "build"));
    } else {
      prepare.add(script(checkout, "convert"));
      prepare.addAll(recipe.prepare());
      compile.add(script(checkout, "build"));
    }
    compile.addAll(recipe.compile());
    return new Recipe(
        name(), files, prepare, compile, recipe.output(), new CoonDiagnosis(recipe.diagnosis()));
  }

  private static Task script(Checkout checkout, String... steps) {
    List<String> arguments = new ArrayList<>(List.of("escript", SCRIPT));
    arguments.addAll(List.of(steps));
    return new Task(
        "coon " + String.join(" and ", steps),
        arguments,
        Map.of("COON_FULLNAME", checkout.name().toString(), "COON_REF", checkout.ref().toString()),
        List.of());
  }

  private static String script() {
    StringBuilder text = new StringBuilder();
    for (String part : PARTS) {
      try (InputStream in =
          Objects.requireNonNull(Coon.class.getResourceAsStream("coon/" + part), part)) {
        text.append(new String(in.readAllBytes(), UTF_8)).append('\n');
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return text.toString();
  }
}
