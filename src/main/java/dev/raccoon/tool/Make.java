package dev.raccoon.tool;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** make, as each Makefile wants it; autoconf's scripts and {@code ./bootstrap} are run before. */
final class Make implements BuildTool {
  /** How those that fetch anything mostly call it. */
  private static final List<String> FETCH = List.of("get-deps", "fetch-deps", "deps");

  private static final String BOOTSTRAP = "bootstrap";
  private static final String CONFIGURE = "configure";

  @Override
  public String name() {
    return "make";
  }

  @Override
  public boolean fits(Checkout checkout) throws IOException {
    Layout layout = Layout.of(checkout.tree());
    Optional<Makefile> makefile = Makefile.of(checkout.tree());
    if (makefile.isEmpty()) {
      return layout.has(CONFIGURE, "configure.ac", "configure.in", BOOTSTRAP)
          && (layout.hasModules() || layout.has("ebin", "apps", "lib"));
    }
    boolean isErlang = layout.hasModules() || layout.has("ebin") || makefile.get().namesErlang();
    return isErlang
        && (layout.hasApplicationFile()
            || !layout.hasModules()
            || makefile.get().mayMakeApplication());
  }

  @Override
  public Choice recipe(Checkout checkout) throws IOException {
    Layout layout = Layout.of(checkout.tree());
    Optional<Makefile> makefile = Makefile.of(checkout.tree());
    List<Task> prepare =
        FETCH.stream()
            .filter(target -> makefile.map(file -> file.hasTarget(target)).orElse(false))
            .limit(1)
            .map(target -> task("make", target))
            .toList();
    return new Choice.Chosen(
        new Recipe(
            name(),
            List.of(),
            prepare,
            makefile.isPresent() ? List.of(task("make")) : withoutMakefile(layout),
            new Output.InPlace(),
            new MakeDiagnosis()));
  }

  private static List<Task> withoutMakefile(Layout layout) {
    List<Task> tasks = new ArrayList<>();
    if (layout.has(BOOTSTRAP)) {
      tasks.add(task("./" + BOOTSTRAP));
    } else if (!layout.has(CONFIGURE)) {
      tasks.add(task("autoreconf", "--force", "--install"));
    }
    if (layout.has(CONFIGURE, "configure.ac", "configure.in")) {
      tasks.add(task("./" + CONFIGURE));
      tasks.add(task("make"));
    }
    return tasks;
  }

  private static Task task(String program, String... arguments) {
    List<String> all = Stream.concat(Stream.of(program), Stream.of(arguments)).toList();
    return new Task(String.join(" ", all), all, Map.of(), List.of());
  }
}
