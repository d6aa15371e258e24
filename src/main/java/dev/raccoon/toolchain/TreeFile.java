package dev.raccoon.toolchain;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A file of a work tree that somebody else filled, read without leaving the tree and within a
 * limit. Nothing may write to the tree meanwhile.
 */
sealed interface TreeFile {
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
}
