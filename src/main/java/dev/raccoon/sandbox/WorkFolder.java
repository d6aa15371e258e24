package dev.raccoon.sandbox;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A folder that a build may fill as it likes, and that is gone when it is closed. A build may have
 * taken the rights from its own folders, so they are given back first; links are removed, never
 * followed.
 */
public record WorkFolder(Path path) implements AutoCloseable {
  /** Makes {@code path}, for nobody else to see. */
  public static WorkFolder make(Path path) throws IOException {
    delete(path);
    Files.createDirectories(
        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    return new WorkFolder(path);
  }

  @Override
  public void close() throws IOException {
    delete(path);
  }

  /** Deletes {@code root} and all below it, if it is there. */
  public static void delete(Path root) throws IOException {
    if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(root, new Deletion());
  }

  private static final class Deletion extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      return FileVisitResult.CONTINUE;
    }

    /**
     * A folder that may not be listed comes here, once: with its rights back it is walked after
     * all.
     */
    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
      if (!Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)
          || (Files.isReadable(file) && Files.isExecutable(file))) {
        throw failure;
      }
      giveRights(file);
      delete(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      remove(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(
        Path folder, @org.jspecify.annotations.Nullable IOException failure) throws IOException {
      if (failure != null) {
        throw failure;
      }
      remove(folder);
      return FileVisitResult.CONTINUE;
    }

    private static void remove(Path entry) throws IOException {
      try {
        Files.delete(entry);
      } catch (java.nio.file.AccessDeniedException e) {
        giveRights(entry.resolveSibling("."));
        Files.delete(entry);
      }
    }

    private static void giveRights(Path folder) throws IOException {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    }
  }
}
