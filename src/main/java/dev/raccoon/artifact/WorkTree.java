package dev.raccoon.artifact;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * A tree that hostile code wrote, seen from inside the sandbox: follows links step by step itself,
 * so that nothing outside the tree is ever looked at, let alone opened.
 */
final class WorkTree {
  /** As Linux has it: a longer chain is a loop. */
  private static final int MAX_LINKS = 40;

  /** Below the root, in characters of up to three bytes: a system's limit is 4,096 bytes in all. */
  private static final int MAX_PATH_LENGTH = 1100;

  private final Path root;
  private final Path mountPoint;
  private long stepsLeft;

  /** At most {@code maxSteps} segments of links are followed in the tree's whole life. */
  WorkTree(Path root, Path mountPoint, long maxSteps) throws IOException {
    this.root = root.toRealPath();
    this.mountPoint = mountPoint;
    this.stepsLeft = maxSteps;
  }

  /** A file, folder or special file, with no link anywhere in its path. */
  record Place(Path path, PosixFileAttributes attributes) {}

  /** What {@code relative} to the root leads to; empty when a link dangles or runs in a circle. */
  Optional<Place> find(Path relative) throws IOException, RefusedException {
    return follow(root, relative, relative.toString());
  }

  /** What the entry {@code name} of a folder without links in its path leads to. */
  Optional<Place> entry(Path folder, Path name, String shownName)
      throws IOException, RefusedException {
    return follow(folder, name, shownName);
  }

  private Optional<Place> follow(Path folder, Path relative, String shownName)
      throws IOException, RefusedException {
    Deque<Path> ahead = new ArrayDeque<>();
    pushAll(ahead, relative);
    Place here = place(folder);
    int links = 0;
    while (!ahead.isEmpty()) {
      takeStep();
      if (!here.attributes().isDirectory()) {
        return Optional.empty();
      }
      Path next = step(here.path(), ahead.pop(), shownName);
      Optional<Place> there = look(next, shownName);
      if (there.isEmpty()) {
        return Optional.empty();
      }
      if (there.get().attributes().isSymbolicLink()) {
        if (++links > MAX_LINKS) {
          return Optional.empty();
        }
        Path target = Files.readSymbolicLink(next);
        here = target.isAbsolute() ? place(root) : here;
        pushAll(ahead, target.isAbsolute() ? insideOf(target, shownName) : target);
      } else {
        here = there.get();
      }
    }
    return Optional.of(here);
  }

  private Path step(Path here, Path name, String shownName) throws RefusedException {
    String text = name.toString();
    if (text.equals(".")) {
      return here;
    }
    if (!text.equals("..")) {
      return here.resolve(name);
    }
    Path parent = here.getParent();
    if (here.equals(root) || parent == null) {
      throw leavesTheTree(shownName);
    }
    return parent;
  }

  private Path insideOf(Path target, String shownName) throws RefusedException {
    if (!target.startsWith(mountPoint)) {
      throw leavesTheTree(shownName);
    }
    int above = mountPoint.getNameCount();
    return target.getNameCount() == above
        ? Path.of("")
        : target.subpath(above, target.getNameCount());
  }

  private Optional<Place> look(Path path, String shownName) throws IOException, RefusedException {
    if (path.toString().length() - root.toString().length() > MAX_PATH_LENGTH) {
      throw new RefusedException(
          "The folders around " + MemberName.shown(shownName) + " are nested too deep.");
    }
    if (MemberName.isTooLongToExist(path)) {
      return Optional.empty();
    }
    try {
      return Optional.of(place(path));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (AccessDeniedException e) {
      throw unreadable(shownName);
    }
  }

  private static Place place(Path path) throws IOException {
    return new Place(
        path, Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
  }

  private static void pushAll(Deque<Path> ahead, Path relative) {
    for (int i = relative.getNameCount() - 1; i >= 0; i--) {
      ahead.push(relative.getName(i));
    }
  }

  private void takeStep() throws RefusedException {
    if (stepsLeft-- <= 0) {
      throw new RefusedException("The links that the build left are too many to follow.");
    }
  }

  private static RefusedException leavesTheTree(String shownName) {
    return new RefusedException(
        MemberName.shown(shownName) + " is a link that leads out of the repository.");
  }

  static RefusedException unreadable(String shownName) {
    return new RefusedException(
        "The build left " + MemberName.shown(shownName) + " without permission to read it.");
  }
}
