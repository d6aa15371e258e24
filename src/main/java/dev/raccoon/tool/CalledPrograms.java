package dev.raccoon.tool;

import dev.raccoon.toolchain.TreeFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The operator's rebar3 and Elixir that a Makefile calls by their names: those that fit the OTP
 * come before the machine's own, which may not run on it.
 */
final class CalledPrograms {
  private static final Pattern REBAR3 = Pattern.compile("\\brebar3\\b");
  private static final Pattern ELIXIR = Pattern.compile("\\b(?:mix|elixirc?)\\b");
  private static final int MAX_APPLICATIONS = 200;

  private final Rebar3Programs rebar3;
  private final ElixirPrograms elixir;

  CalledPrograms(Rebar3Programs rebar3, ElixirPrograms elixir) {
    this.rebar3 = rebar3;
    this.elixir = elixir;
  }

  /**
   * {@code tasks} with those that the files of {@code checkout} speak of.
   *
   * @param kept folders of the tree that hold applications of the repository's own
   */
  List<Task> in(List<Task> tasks, Checkout checkout, List<Path> kept)
      throws IOException, InterruptedException {
    String makefile = Makefile.of(checkout.tree()).map(Makefile::text).orElse("");
    List<Path> folders = new ArrayList<>();
    List<Path> readable = new ArrayList<>();
    if (ELIXIR.matcher(makefile).find() || hasMixProject(checkout.tree(), kept)) {
      Optional<Elixir> found = elixir.on(checkout.otp());
      found.ifPresent(program -> {
        folders.add(program.bin());
        readable.add(program.root());
      });
    }
    if (REBAR3.matcher(makefile).find()) {
      Optional<Rebar3Program> found = rebar3.on(checkout.otp());
      found.ifPresent(program -> {
        folders.add(program.folder());
        readable.addAll(program.readable());
      });
    }
    folders.add(0, checkout.otp().bin());
    return tasks.stream().map(task -> with(folders, readable, task)).toList();
  }

  private static boolean hasMixProject(Path tree, List<Path> kept) throws IOException {
    List<String> folders = new ArrayList<>(List.of(""));
    kept.forEach(folder -> folders.add(folder.toString()));
    TreeFolder.names(tree, "apps").stream()
        .limit(MAX_APPLICATIONS)
        .forEach(name -> folders.add("apps/" + name));
    for (String folder : folders) {
      if (TreeFolder.names(tree, folder).contains(MixProjects.FILE)) {
        return true;
      }
    }
    return false;
  }

  private static Task with(List<Path> folders, List<Path> readable, Task task) {
    StringBuilder path = new StringBuilder();
    folders.forEach(folder -> path.append(folder).append(':'));
    Map<String, String> environment = new HashMap<>(task.environment());
    environment.put("PATH", path + "/usr/local/bin:/usr/bin:/bin");
    List<Path> all = new ArrayList<>(task.readable());
    all.addAll(readable);
    return new Task(task.title(), task.arguments(), environment, all);
  }
}
