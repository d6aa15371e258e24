package dev.raccoon.tool;

import dev.raccoon.sandbox.Workspace;
import dev.raccoon.toolchain.RebarSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** rebar3. */
final class Rebar3 implements BuildTool {
  /** Where rebar3 works, whatever a rebar.config sets as its base_dir. */
  private static final String BASE = "_build";

  private static final String CONFIG = "rebar.config";

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
   * not where erlang.mk builds and rebar is a courtesy to others, or only runs a formatter.
   */
  @Override
  public boolean fits(Checkout checkout) throws IOException {
    Layout layout = Layout.of(checkout.tree());
    Optional<Makefile> makefile = Makefile.of(checkout.tree());
    boolean erlangMk = makefile.map(Makefile::includesErlangMk).orElse(false);
    if (layout.has("rebar.config.script", "rebar.lock")
        || !making(layout, makefile).isEmpty()
        || (layout.has(CONFIG) && (!erlangMk || RebarSettings.read(checkout.tree()).builds()))) {
      return true;
    }
    return !erlangMk
        && !isMakesAlone(layout, makefile)
        && (layout.hasApplicationSource()
            || layout.isUmbrella()
            || (makefile.isEmpty() && layout.hasApplicationFile() && layout.hasModules()));
  }

  /** Where autoconf or a Makefile makes what rebar3 would have to find. */
  private static boolean isMakesAlone(Layout layout, Optional<Makefile> makefile)
      throws IOException {
    boolean hasConfigure = layout.has("configure") && layout.has("Makefile.in");
    return !layout.has(CONFIG)
        && (hasConfigure || (makefile.isPresent() && layout.hasOtherApplicationSource()));
  }

  /** What makes a rebar.config, which a repository has only the makings of. */
  private static List<Task> making(Layout layout, Optional<Makefile> makefile) {
    if (layout.has(CONFIG, CONFIG + ".script")
        || makefile.map(Makefile::includesErlangMk).orElse(false)) {
      return List.of();
    }
    if (makefile.map(file -> file.hasTarget(CONFIG)).orElse(false)) {
      List<Task> tasks = new ArrayList<>(Configuring.besideMakefile(layout));
      tasks.add(Configuring.task("make", CONFIG));
      return tasks;
    }
    return layout.has(CONFIG + ".in") && Configuring.fits(layout)
        ? Configuring.tasks(layout)
        : List.of();
  }

  @Override
  public Choice recipe(Checkout checkout) throws IOException, InterruptedException {
    Optional<Rebar3Program> program = programs.on(checkout.otp());
    if (program.isEmpty()) {
      return new Choice.NoProgram(programs.noneOn(checkout.otp()));
    }
    List<Task> making = making(Layout.of(checkout.tree()), Makefile.of(checkout.tree()));
    List<Task> prepare = new ArrayList<>(making);
    if (checkout.config().fetches() || !making.isEmpty()) {
      prepare.add(task(program.get(), "get-deps", Map.of()));
    }
    return new Choice.Chosen(
        new Recipe(
            name(),
            List.of(),
            prepare,
            List.of(task(program.get(), "compile", Map.of("REBAR_OFFLINE", "1"))),
            new Output.Named(output(checkout.tree())),
            new Rebar3Diagnosis()));
  }

  /** What rebar3 calls the folder of dependencies holds the own applications as well. */
  private static Path output(Path tree) throws IOException {
    Path profile = Path.of(BASE, "default");
    Path output = profile.resolve(RebarSettings.read(tree).outputFolder()).normalize();
    return output.isAbsolute() || output.startsWith("..") ? profile.resolve("lib") : output;
  }

  private static Task task(Rebar3Program program, String task, Map<String, String> environment) {
    Map<String, String> all = new HashMap<>(environment);
    all.put("REBAR_CACHE_DIR", Workspace.CACHE.toString());
    all.put("REBAR_BASE_DIR", BASE);
    return new Task(
        "rebar3 " + task,
        List.of("escript", program.file().toString(), task),
        all,
        program.readable());
  }
}
