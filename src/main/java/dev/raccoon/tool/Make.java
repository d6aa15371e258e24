package dev.raccoon.tool;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** make, as each Makefile wants it; what configures a tree is run before. */
final class Make implements BuildTool {
  /** How those that fetch anything mostly call it. */
  private static final List<String> FETCH = List.of("get-deps", "fetch-deps", "deps");

  private final CalledPrograms called;

  Make(CalledPrograms called) {
    this.called = called;
  }

  @Override
  public String name() {
    return "make";
  }

  @Override
  public boolean fits(Checkout checkout) throws IOException {
    Layout layout = Layout.of(checkout.tree());
    Optional<Makefile> makefile = Makefile.of(checkout.tree());
    if (makefile.isEmpty()) {
      return Configuring.fits(layout)
          && (layout.hasModules() || layout.hasModulesBelow() || layout.has("ebin", "apps", "lib"));
    }
    boolean isErlang = layout.hasModules() || layout.has("ebin") || makefile.get().namesErlang();
    return isErlang
        && (layout.hasApplicationFile()
            || !layout.hasModules()
            || makefile.get().mayMakeApplication());
  }

  @Override
  public Choice recipe(Checkout checkout) throws IOException, InterruptedException {
    Layout layout = Layout.of(checkout.tree());
    Optional<Makefile> makefile = Makefile.of(checkout.tree());
    if (makefile.isEmpty() && !Configuring.fits(layout)) {
      return new Choice.Unbuildable("The repository has no Makefile, and nothing that makes one.");
    }
    List<Task> compile = new ArrayList<>();
    List<Task> prepare = new ArrayList<>();
    if (makefile.isEmpty()) {
      compile.addAll(Configuring.tasks(layout));
    } else {
      compile.addAll(Configuring.besideMakefile(layout));
      FETCH.stream()
          .filter(makefile.get()::hasTarget)
          .findFirst()
          .ifPresent(target -> prepare.add(Configuring.task("make", target)));
    }
    if (!prepare.isEmpty()) {
      // The Makefile may read what configuring makes.
      prepare.addAll(0, compile);
      compile.clear();
    }
    if (makefile.isPresent() || configures(compile)) {
      compile.add(Configuring.task("make"));
    }
    Output.InPlace output = Output.InPlace.of(checkout.tree());
    return new Choice.Chosen(
        new Recipe(
            name(),
            List.of(),
            called.in(prepare, checkout, output.kept()),
            called.in(compile, checkout, output.kept()),
            output,
            new MakeDiagnosis()));
  }

  /** A script that does not is one that builds everything itself, as rebar 2's own does. */
  private static boolean configures(List<Task> tasks) {
    return !tasks.getLast().title().equals("./bootstrap");
  }
}
