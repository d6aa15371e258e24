package dev.raccoon.toolchain;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;

/** A folder of a work tree that somebody else filled. Nothing else may write to it meanwhile. */
public final class TreeFolder {
  private static final int MAX_ENTRIES = 10_000;

  private TreeFolder() {}

  /**
   * The names of what lies in {@code name} below {@code tree}, up to 10,000 of them in their order;
   * none where that is no folder of the tree's own, or may not be read. A symbolic link is followed
   * where it stays inside.
   *
   * @param name relative to the tree, with slashes; empty for the tree itself
   * @throws IOException if the machine cannot read a folder that may be read
   */
  public static Set<String> names(Path tree, String name) throws IOException {
    Path root = tree.toRealPath();
    Path folder;
    try {
      folder = root.resolve(name).toRealPath();
    } catch (NoSuchFileException e) {
      return Set.of();
    } catch (IOException e) {
      return Set.of(); // a link to itself, or a file where a folder should be
    }
    if (!folder.startsWith(root) || !Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return Set.of();
    }
    try {
      return first(folder, MAX_ENTRIES, entry -> true);
    } catch (AccessDeniedException e) {
      return Set.of();
    }
  }

  /**
   * The first {@code most} names, in their order, of those in {@code folder} that {@code count}:
   * the same ones whatever order the disk has them in.
   *
   * @throws IOException if the folder cannot be read
   */
  public static SortedSet<String> first(Path folder, int most, Predicate<Path> count)
      throws IOException {
    TreeSet<String> names = new TreeSet<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        if (count.test(entry) && names.add(entry.getFileName().toString()) && names.size() > most) {
          names.removeLast();
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return names;
  }
}
