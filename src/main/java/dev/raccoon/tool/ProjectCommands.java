package dev.raccoon.tool;

import dev.raccoon.toolchain.ProjectSettings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What a {@code raccoon.yaml} adds to a recipe: an environment, and commands around compiling. */
final class ProjectCommands {
  /** How a build's log begins the line that says which task is run. */
  private static final String STEP = "==> ";

  private ProjectCommands() {}

  /** The recipe with it; a tool's own variables stay as they are. */
  static Recipe around(Recipe recipe, ProjectSettings settings) {
    List<Task> compile = new ArrayList<>(tasks("before", settings.before()));
    compile.addAll(recipe.compile());
    compile.addAll(tasks("after", settings.after()));
    return new Recipe(
        recipe.tool(),
        recipe.files(),
        in(settings.environment(), recipe.prepare()),
        in(settings.environment(), compile),
        recipe.output(),
        (printed, status) ->
            ofCommand(printed, status).orElseGet(() -> recipe.diagnosis().of(printed, status)));
  }

  private static List<Task> tasks(String when, List<String> commands) {
    return Stream.iterate(0, i -> i < commands.size(), i -> i + 1)
        .map(i ->
            new Task(title(when, i + 1), List.of("sh", "-c", commands.get(i)), Map.of(), List.of()))
        .toList();
  }

  private static String title(String when, int number) {
    return "raccoon.yaml: command " + number + " of " + when;
  }

  private static List<Task> in(Map<String, String> environment, List<Task> tasks) {
    return tasks.stream()
        .map(task -> {
          Map<String, String> all = new HashMap<>(environment);
          all.putAll(task.environment());
          return new Task(task.title(), task.arguments(), all, task.readable());
        })
        .toList();
  }

  /** Why the task that was begun last failed, if it is one of these commands. */
  private static Optional<Finding> ofCommand(String printed, int status) {
    List<String> lines = printed.lines().toList();
    Optional<String> step = lines.reversed().stream().filter(l -> l.startsWith(STEP)).findFirst();
    return step.filter(line -> line.startsWith(STEP + "raccoon.yaml: command "))
        .map(line -> line.substring(STEP.length(), end(line)))
        .map(title -> new Finding.Unclear(Words.ofFailed(title, status, lines)));
  }

  private static int end(String line) {
    int comma = line.indexOf(", with OTP");
    return Math.min(comma < 0 ? line.length() : comma, 60);
  }
}
