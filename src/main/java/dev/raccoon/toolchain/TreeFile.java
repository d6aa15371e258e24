package dev.raccoon.toolchain;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A file of a work tree that somebody else filled, read and written without leaving the tree, and
 * within a limit. Nothing else may write to the tree meanwhile.
 */
public sealed interface TreeFile {
  /** Handed over once, and never compared. */
  @SuppressWarnings("ArrayRecordComponent")
  record Content(byte[] bytes) implements TreeFile {}

  record Absent() implements TreeFile {}

  /** The end of a sentence that begins with the file's name. */
  record Refused(String why) implements TreeFile {}

  /**
   * Reads {@code name} below {@code tree}; a symbolic link is followed where it stays inside.
   *
   * @param maxBytes longer files are refused
   * @throws IOException if the machine cannot read a file of the tree that may be read
   */
  static TreeFile read(Path tree, String name, int maxBytes) throws IOException {
    Path root = tree.toRealPath();
    Path file;
    try {
      file = root.resolve(name).toRealPath();
    } catch (NoSuchFileException e) {
      return new Absent();
    } catch (IOException e) {
      // A link to itself, a name that is too long, or a file where a folder should be.
      return new Refused("is no file that can be read.");
    }
    if (!file.startsWith(root)) {
      return new Refused("leads out of the repository.");
    }
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return new Refused("is no regular file.");
    }
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      byte[] bytes = in.readNBytes(maxBytes + 1);
      return bytes.length > maxBytes
          ? new Refused("is larger than " + maxBytes + " bytes.")
          : new Content(bytes);
    } catch (AccessDeniedException e) {
      return new Refused("may not be read.");
    }
  }

  /**
   * Writes {@code name} below {@code tree}, with the folders that it needs, in place of what is
   * there; what a link leads to stays as it is. Answers why it cannot be, as the end of a sentence
   * that begins with the file's name.
   */
  static Optional<String> write(Path tree, String name, byte[] bytes) throws IOException {
    Path folder = tree;
    Path path = Path.of(name);
    for (int i = 0; i < path.getNameCount() - 1; i++) {
      folder = folder.resolve(path.getName(i));
      if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
        if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
          return Optional.of("cannot be written: " + tree.relativize(folder) + " is no folder.");
        }
        Files.createDirectory(folder);
      }
    }
    Path file = folder.resolve(path.getFileName());
    if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.of("cannot be written: it is a folder.");
    }
    Files.deleteIfExists(file);
    Files.write(file, bytes, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    return Optional.empty();
  }
}
