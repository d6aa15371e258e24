package dev.raccoon.tool;

import dev.raccoon.sandbox.Workspace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** rebar3. */
final class Rebar3 implements BuildTool {
  private final Rebar3Programs programs;

  Rebar3(Rebar3Programs programs) {
    this.programs = programs;
  }

  @Override
  public String name() {
    return "rebar3";
  }

  /**
   * Also where a Makefile is, which mostly calls rebar then, and where only rebar 2's names are;
   * not where erlang.mk builds and rebar is a courtesy to others.
   */
  @Override
  public boolean fits(Checkout checkout) throws IOException {
    Layout layout = Layout.of(checkout.tree());
    if (layout.has("rebar.config", "rebar.config.script", "rebar.lock")) {
      return true;
    }
    Optional<Makefile> makefile = Makefile.of(checkout.tree());
    return makefile.map(file -> !file.includesErlangMk()).orElse(true)
        && (layout.hasApplicationSource()
            || layout.isUmbrella()
            || (makefile.isEmpty() && layout.hasApplicationFile() && layout.hasModules()));
  }

  @Override
  public Choice recipe(Checkout checkout) throws IOException, InterruptedException {
    Optional<Rebar3Program> program = programs.on(checkout.otp());
    if (program.isEmpty()) {
      return new Choice.NoProgram(programs.noneOn(checkout.otp()));
    }
    List<Task> prepare =
        checkout.config().fetches()
            ? List.of(task(program.get(), "get-deps", Map.of()))
            : List.of();
    return new Choice.Chosen(
        new Recipe(
            name(),
            List.of(),
            prepare,
            List.of(task(program.get(), "compile", Map.of("REBAR_OFFLINE", "1"))),
            new Output.Named(Path.of("_build", "default", "lib")),
            new Rebar3Diagnosis()));
  }

  private static Task task(Rebar3Program program, String task, Map<String, String> environment) {
    Map<String, String> all = new HashMap<>(environment);
    all.put("REBAR_CACHE_DIR", Workspace.CACHE.toString());
    return new Task(
        "rebar3 " + task,
        List.of("escript", program.file().toString(), task),
        all,
        program.readable());
  }
}
