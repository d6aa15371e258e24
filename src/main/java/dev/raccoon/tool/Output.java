package dev.raccoon.tool;

import java.nio.file.Path;
import java.util.List;

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
   */
  record InPlace() implements Output {}

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
