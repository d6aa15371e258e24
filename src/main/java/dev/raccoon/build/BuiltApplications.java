package dev.raccoon.build;

import dev.raccoon.toolchain.AppFile;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Finds the OTP applications of a repository that rebar3 has compiled: the one at the root and
 * those below {@code apps/} and {@code lib/}, but none of its dependencies.
 */
final class BuiltApplications {
  private static final Path OUTPUT = Path.of("_build", "default", "lib");
  private static final int MAX_APPLICATIONS = 200;

  /** Of one folder that count; which ones would be left out depends on the file system. */
  private static final int MAX_ENTRIES = 10 * MAX_APPLICATIONS;

  private BuiltApplications() {}

  /**
   * An application that was compiled.
   *
   * @param app its resource file, as compiled
   * @param ebin relative to the tree
   * @param source its own folder, relative to the tree; empty for the root
   */
  record Found(AppFile app, Path ebin, Path source) {}

  /** Those in {@code tree}, or the sentence that says what is wrong with one. */
  sealed interface Result {
    record Applications(List<Found> all) implements Result {}

    record Refused(String sentence) implements Result {}
  }

  /** Looks through {@code tree}, in which nothing runs any more. */
  static Result find(Path tree) throws IOException {
    try {
      return findReadable(tree);
    } catch (AccessDeniedException e) {
      return new Result.Refused("The build has left a folder that may not be read.");
    }
  }

  private static Result findReadable(Path tree) throws IOException {
    List<Found> all = new ArrayList<>();
    for (Path source : sourceFolders(tree)) {
      for (String name : applicationNames(tree, source)) {
        Optional<Path> ebin = ebin(tree, source, name);
        if (ebin.isEmpty() || all.stream().anyMatch(found -> found.app().name().equals(name))) {
          continue;
        }
        if (all.size() == MAX_APPLICATIONS) {
          return new Result.Refused(
              "The repository has more than " + MAX_APPLICATIONS + " applications.");
        }
        switch (AppFile.read(tree, ebin.get().resolve(name + ".app").toString())) {
          case AppFile.Result.Read(AppFile app) -> all.add(new Found(app, ebin.get(), source));
          case AppFile.Result.Refused(String sentence) -> {
            return new Result.Refused(sentence);
          }
        }
      }
    }
    return new Result.Applications(all);
  }

  private static List<Path> sourceFolders(Path tree) throws IOException {
    List<Path> folders = new ArrayList<>();
    folders.add(Path.of(""));
    for (String parent : List.of("apps", "lib")) {
      if (isFolder(tree.resolve(parent))) {
        for (String name : names(tree.resolve(parent), BuiltApplications::isFolder)) {
          folders.add(Path.of(parent, name));
        }
      }
    }
    return folders;
  }

  /**
   * The applications that a source folder names: by a source of a resource file, else by a resource
   * file.
   */
  private static List<String> applicationNames(Path tree, Path source) throws IOException {
    List<String> found = new ArrayList<>();
    for (String folder : List.of("src", "ebin")) {
      Path path = tree.resolve(source).resolve(folder);
      if (found.isEmpty() && isFolder(path)) {
        for (String file : names(path, BuiltApplications::namesApplication)) {
          applicationName(file).ifPresent(found::add);
        }
      }
    }
    return found;
  }

  private static Optional<String> applicationName(String file) {
    return Stream.of(".app.src.script", ".app.src", ".app")
        .filter(file::endsWith)
        .findFirst()
        .map(ending -> file.substring(0, file.length() - ending.length()));
  }

  private static Optional<Path> ebin(Path tree, Path source, String name) {
    return Stream.of(OUTPUT.resolve(name).resolve("ebin"), source.resolve("ebin"))
        .filter(ebin ->
            Files.isRegularFile(
                tree.resolve(ebin).resolve(name + ".app"), LinkOption.NOFOLLOW_LINKS))
        .findFirst();
  }

  private static boolean isFolder(Path path) {
    return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
  }

  private static boolean namesApplication(Path file) {
    return applicationName(file.getFileName().toString()).isPresent();
  }

  /** Those that {@code count}, in their order: the file system's own depends on the machine. */
  private static List<String> names(Path folder, Predicate<Path> count) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(count)
          .limit(MAX_ENTRIES)
          .map(path -> path.getFileName().toString())
          .sorted(Comparator.naturalOrder())
          .toList();
    }
  }
}
