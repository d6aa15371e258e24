package dev.raccoon.sandbox;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The few lines of shell that every command of the sandbox is started by: they join its control
 * group and open the files that bubblewrap takes as descriptors, which Java cannot hand over. What
 * they are given, they take as parameters, never as their own language.
 */
final class LaunchScript {
  private static final String JOIN =
      """
      while [ "$1" != -- ]; do echo $$ >"$1" || exit 1; shift; done; shift
      """;

  private static final String OPEN =
      """
      exec 8>"$1" 9<"$2"; shift 2
      """;

  private static final String RUN = "exec \"$@\"";

  /** As bubblewrap is told of them. */
  static final String INFO_DESCRIPTOR = "8";

  static final String FILTER_DESCRIPTOR = "9";

  private LaunchScript() {}

  /** The files that bubblewrap is given open. */
  record Descriptors(Path info, Path filter) {}

  /**
   * The command that runs {@code program}, after writing its process's id to each of {@code
   * groups}.
   */
  static List<String> starting(
      List<String> program, List<Path> groups, Optional<Descriptors> descriptors) {
    String script = JOIN + descriptors.map(some -> OPEN).orElse("") + RUN;
    List<String> all = new ArrayList<>(List.of("/bin/sh", "-c", script, "sh"));
    groups.forEach(group -> all.add(group.toString()));
    all.add("--");
    descriptors.ifPresent(some -> {
      all.add(some.info().toString());
      all.add(some.filter().toString());
    });
    all.addAll(program);
    return all;
  }
}
