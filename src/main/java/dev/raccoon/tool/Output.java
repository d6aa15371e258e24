package dev.raccoon.tool;

import dev.raccoon.toolchain.TreeFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where a tool leaves what it compiled, and how the repository's own applications are told from
 * those that it needs. All paths are relative to the tree.
 */
public sealed interface Output {
  /** The folders of an application's own that hold its sources. */
  default List<String> sources() {
    return List.of("src", "include");
  }

  /**
   * In {@code ebin/} beside each application's sources, as make does. A {@code Makefile} may call
   * another tool: what that left in {@code _build} is taken where nothing lies beside the sources.
   *
   * @param kept folders below {@code deps/} that the repository itself has; what is fetched lies
   *     beside them
   */
  record InPlace(List<Path> kept) implements Output {
    private static final Path DEPENDENCIES = Path.of("deps");
    private static final int MAX_FOLDERS = 200;

    public InPlace {
      kept = List.copyOf(kept);
    }

    /** For {@code tree}, in which nothing was fetched yet; a submodule is another repository. */
    static InPlace of(Path tree) throws IOException {
      List<Path> kept = new ArrayList<>();
      for (String name : new TreeSet<>(TreeFolder.names(tree, DEPENDENCIES.toString()))) {
        Path folder = DEPENDENCIES.resolve(name);
        Set<String> inside = TreeFolder.names(tree, folder.toString());
        if (!inside.isEmpty() && !inside.contains(".git") && kept.size() < MAX_FOLDERS) {
          kept.add(folder);
        }
      }
      return new InPlace(kept);
    }
  }

  /**
   * In {@code FOLDER/NAME/ebin}, as rebar3 does. The sources name the own applications: by {@code
   * src/NAME.app.src} or {@code ebin/NAME.app}.
   *
   * @param folder such as {@code _build/default/lib}
   */
  record Named(Path folder) implements Output {}

  /**
   * In {@code FOLDER/NAME/ebin}, as mix does, whose sources name no application. The own ones are
   * all that were not fetched.
   *
   * @param folder such as {@code _build/prod/lib}
   * @param fetched has a folder of its name for each application that was fetched: {@code deps}
   */
  record Unfetched(Path folder, Path fetched) implements Output {
    @Override
    public List<String> sources() {
      return List.of("lib", "src", "include");
    }
  }
}
