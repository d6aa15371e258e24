package dev.raccoon.tool;

import dev.raccoon.toolchain.ErlangTerms;
import dev.raccoon.toolchain.TreeFile;
import dev.raccoon.toolchain.TreeFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** The names in a tree that tell its build tools apart. */
record Layout(Path tree, Set<String> root, Set<String> src, Set<String> ebin) {
  private static final List<String> APPLICATION_SOURCES = List.of(".app.src", ".app.src.script");

  /** Of an umbrella's folders that are looked into. */
  private static final int MAX_APPLICATIONS = 200;

  static Layout of(Path tree) throws IOException {
    return new Layout(
        tree,
        TreeFolder.names(tree, ""),
        TreeFolder.names(tree, "src"),
        TreeFolder.names(tree, "ebin"));
  }

  /** Whether one of {@code names} lies in the root. */
  boolean has(String... names) {
    return List.of(names).stream().anyMatch(root::contains);
  }

  /** Whether there is an Erlang module in {@code src}. */
  boolean hasModules() {
    return src.stream().anyMatch(name -> name.endsWith(".erl"));
  }

  /** Whether there is one in a folder of {@code src}. */
  boolean hasModulesBelow() throws IOException {
    for (String name : src.stream().sorted().limit(MAX_APPLICATIONS).toList()) {
      if (isAny(TreeFolder.names(tree, "src/" + name), List.of(".erl"))) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether the source of the root's resource file is no Erlang term: a program of the repository's
   * own makes one of it.
   */
  boolean hasOtherApplicationSource() throws IOException {
    for (String name : src) {
      if (name.endsWith(".app.src")
          && TreeFile.read(tree, "src/" + name, ErlangTerms.MAX_BYTES)
              instanceof TreeFile.Content(byte[] bytes)
          && ErlangTerms.parse(bytes) instanceof ErlangTerms.Malformed) {
        return true;
      }
    }
    return false;
  }

  /** Whether the root's application has a source of its resource file, as rebar wants it. */
  boolean hasApplicationSource() {
    return isAny(src, APPLICATION_SOURCES);
  }

  /** Whether the root's application has a resource file. */
  boolean hasApplicationFile() {
    return isAny(ebin, List.of(".app"));
  }

  /** Whether an application of an umbrella has a source of its resource file. */
  boolean isUmbrella() throws IOException {
    for (String parent : List.of("apps", "lib")) {
      List<String> folders =
          TreeFolder.names(tree, parent).stream().limit(MAX_APPLICATIONS).toList();
      for (String name : folders) {
        Set<String> sources = TreeFolder.names(tree, parent + "/" + name + "/src");
        if (isAny(sources, APPLICATION_SOURCES)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isAny(Set<String> names, List<String> endings) {
    return names.stream().anyMatch(name -> endings.stream().anyMatch(name::endsWith));
  }
}
