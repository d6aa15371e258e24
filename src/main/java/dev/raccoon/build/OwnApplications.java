package dev.raccoon.build;

import dev.raccoon.tool.MixProjects;
import dev.raccoon.tool.Output;
import dev.raccoon.toolchain.TreeFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Tells a repository's own compiled applications by the names of its files alone. For one use, in a
 * tree to which nothing writes.
 */
final class OwnApplications {
  /** Of one folder that count: the first in their order. */
  private static final int MAX_ENTRIES = 2000;

  /** Where other tools than the chosen one leave theirs, when a Makefile calls them. */
  private static final List<Path> OTHER_OUTPUTS =
      List.of(Path.of("_build", "default", "lib"), Path.of("_build", "prod", "lib"));

  /** Where sources lie that are not the repository's own. */
  private static final List<Path> FETCHED =
      List.of(Path.of("_build"), Path.of("deps"), Path.of("_checkouts"));

  private final Path tree;
  private final Map<String, Own> found = new LinkedHashMap<>();

  private OwnApplications(Path tree) throws IOException {
    this.tree = tree.toRealPath();
  }

  /**
   * An application that has a resource file.
   *
   * @param ebin relative to the tree
   * @param source its own folder, relative to the tree; empty for the root
   */
  record Own(String name, Path ebin, Path source) {}

  /** Those in {@code tree} by {@code output}'s rule, each name once. */
  static List<Own> in(Path tree, Output output) throws IOException {
    OwnApplications own = new OwnApplications(tree);
    switch (output) {
      case Output.InPlace(List<Path> kept) -> {
        own.addNamed(List.of(), OTHER_OUTPUTS);
        own.addNamed(kept, List.of(), List.of());
      }
      case Output.Named(Path folder) -> {
        own.addNamed(List.of(folder), List.of());
        own.addLinked(folder);
      }
      case Output.Unfetched(Path folder, Path fetched) -> own.addUnfetched(folder, fetched);
    }
    return List.copyOf(own.found.values());
  }

  /** Those that the sources name; output is looked for in some places before, in some after. */
  private void addNamed(List<Path> before, List<Path> after) throws IOException {
    addNamed(sourceFolders(), before, after);
  }

  private void addNamed(List<Path> sources, List<Path> before, List<Path> after)
      throws IOException {
    for (Path source : sources) {
      for (String name : applicationNames(source)) {
        List<Path> places = new ArrayList<>();
        before.forEach(folder -> places.add(folder.resolve(name).resolve("ebin")));
        places.add(source.resolve("ebin"));
        after.forEach(folder -> places.add(folder.resolve(name).resolve("ebin")));
        add(name, places, source);
      }
    }
  }

  /**
   * rebar3 links its output of an own application to the sources, wherever a project keeps them,
   * and fetches all others into that very folder.
   */
  private void addLinked(Path folder) throws IOException {
    for (String name : folders(folder)) {
      Optional<Path> sources = linkedFolder(folder.resolve(name).resolve("src"));
      if (sources.isPresent() && FETCHED.stream().noneMatch(sources.get()::startsWith)) {
        Path parent = sources.get().getParent();
        Path source = parent == null ? Path.of("") : parent;
        add(name, List.of(folder.resolve(name).resolve("ebin")), source);
      }
    }
  }

  private void addUnfetched(Path folder, Path fetched) throws IOException {
    List<String> others = folders(fetched);
    Map<String, Path> sources = MixProjects.in(tree).folders();
    Path root = Path.of("");
    List<String> names =
        folders(folder).stream()
            .filter(name -> !others.contains(name))
            .sorted(Comparator.comparing(name -> sources.getOrDefault(name, root)))
            .toList();
    for (String name : names) {
      add(name, List.of(folder.resolve(name, "ebin")), sources.getOrDefault(name, root));
    }
  }

  /** The first of {@code places} with modules, else with a resource file alone. */
  private void add(String name, List<Path> places, Path source) throws IOException {
    List<Path> all = new ArrayList<>();
    for (Path ebin : places) {
      if (!isFile(ebin.resolve(name + ".app"))) {
        continue;
      }
      all.add(ebin);
      if (!names(ebin, file -> file.toString().endsWith(".beam")).isEmpty()) {
        found.putIfAbsent(name, new Own(name, ebin, source));
      }
    }
    if (!all.isEmpty()) {
      found.putIfAbsent(name, new Own(name, all.getFirst(), source));
    }
  }

  private List<Path> sourceFolders() throws IOException {
    List<Path> folders = new ArrayList<>();
    folders.add(Path.of(""));
    for (String parent : List.of("apps", "lib")) {
      folders(Path.of(parent)).forEach(name -> folders.add(Path.of(parent, name)));
    }
    return folders;
  }

  /**
   * The applications that a source folder names: by a source of a resource file, else by a resource
   * file.
   */
  private List<String> applicationNames(Path source) throws IOException {
    List<String> named = new ArrayList<>();
    for (String folder : List.of("src", "ebin")) {
      if (named.isEmpty()) {
        for (String file :
            names(source.resolve(folder), path -> applicationName(path).isPresent())) {
          applicationName(Path.of(file)).ifPresent(named::add);
        }
      }
    }
    return named;
  }

  private static Optional<String> applicationName(Path path) {
    String file = path.getFileName().toString();
    return Stream.of(".app.src.script", ".app.src", ".app")
        .filter(file::endsWith)
        .findFirst()
        .map(ending -> file.substring(0, file.length() - ending.length()));
  }

  /** The folder that a link to a relative place inside of the tree leads to, if it is one. */
  private Optional<Path> linkedFolder(Path link) throws IOException {
    Path path = tree.resolve(link);
    if (!Files.isSymbolicLink(path)) {
      return Optional.empty();
    }
    Path target = link.resolveSibling(Files.readSymbolicLink(path)).normalize();
    return !target.isAbsolute() && !target.startsWith("..") && isFolder(target)
        ? Optional.of(target)
        : Optional.empty();
  }

  private boolean isFolder(Path path) throws IOException {
    return isRealFolder(tree.resolve(path)) && isInside(path);
  }

  private boolean isFile(Path path) throws IOException {
    return Files.isRegularFile(tree.resolve(path), LinkOption.NOFOLLOW_LINKS) && isInside(path);
  }

  /** Whether no folder above it is a link that leads out of the tree. */
  private boolean isInside(Path path) throws IOException {
    return tree.resolve(path).toRealPath().startsWith(tree);
  }

  private static boolean isRealFolder(Path path) {
    return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
  }

  private List<String> folders(Path folder) throws IOException {
    return names(folder, OwnApplications::isRealFolder);
  }

  /** Those that {@code count}, in their order: the file system's own depends on the machine. */
  private List<String> names(Path folder, Predicate<Path> count) throws IOException {
    if (!isFolder(folder)) {
      return List.of();
    }
    return List.copyOf(TreeFolder.first(tree.resolve(folder), MAX_ENTRIES, count));
  }
}
