package dev.raccoon.tool;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a developer runs before make: scripts of the repository's that make a Makefile, or what a
 * Makefile reads, by autoconf mostly.
 */
final class Configuring {
  private static final String BOOTSTRAP = "bootstrap";
  private static final String AUTOGEN = "autogen.sh";
  private static final String CONFIGURE = "configure";

  /**
   * Not everybody lets git record that a script can be run. Nor does git record what was made of
   * what: Makefiles would make it again, with programs that only authors have.
   */
  private static final String RUN =
      """
      touch -c aclocal.m4 && touch -c configure config.h.in Makefile.in
      if [ -x "$0" ]; then exec "$0"; else exec sh "$0"; fi
      """;

  private static final String[] SOURCES = {"configure.ac", "configure.in"};

  private Configuring() {}

  /** Whether there is such a script, or what autoconf makes one of. */
  static boolean fits(Layout layout) {
    return layout.has(BOOTSTRAP, AUTOGEN, CONFIGURE) || layout.has(SOURCES);
  }

  /** Those of a tree without a Makefile. */
  static List<Task> tasks(Layout layout) {
    List<Task> tasks = new ArrayList<>();
    if (layout.has(BOOTSTRAP)) {
      tasks.add(script(BOOTSTRAP));
    } else if (!layout.has(CONFIGURE)) {
      tasks.add(layout.has(AUTOGEN) ? script(AUTOGEN) : task("autoreconf", "--force", "--install"));
    }
    if (layout.has(CONFIGURE) || layout.has(SOURCES)) {
      tasks.add(script(CONFIGURE));
    }
    return tasks;
  }

  /** Those of a tree that has a Makefile, which may well do without: what is meant for users. */
  static List<Task> besideMakefile(Layout layout) {
    return layout.has(CONFIGURE) ? List.of(script(CONFIGURE)) : List.of();
  }

  /** By custom, the variable keeps a generator from running configure itself. */
  private static Task script(String name) {
    String path = "./" + name;
    return new Task(path, List.of("sh", "-c", RUN, path), Map.of("NOCONFIGURE", "1"), List.of());
  }

  /** A command whose title is what a developer types. */
  static Task task(String... arguments) {
    List<String> all = List.of(arguments);
    return new Task(String.join(" ", all), all, Map.of(), List.of());
  }
}
