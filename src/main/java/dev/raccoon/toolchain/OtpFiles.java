package dev.raccoon.toolchain;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What lies on a disk that may be in trouble. Where Java's own questions take what a disk does not
 * tell for what is not there, these throw.
 */
final class OtpFiles {
  /** A file where a folder should be, or a link to itself: nothing of the disk's. */
  private static final Pattern MISSHAPEN =
      Pattern.compile("Not a directory|Too many levels of symbolic links.*|File name too long");

  private OtpFiles() {}

  static boolean isFolder(Path path) throws IOException {
    return attributes(path).filter(BasicFileAttributes::isDirectory).isPresent();
  }

  static boolean isFile(Path path) throws IOException {
    return attributes(path).filter(BasicFileAttributes::isRegularFile).isPresent();
  }

  static boolean isExecutableFile(Path path) throws IOException {
    return isFile(path) && Files.isExecutable(path);
  }

  static boolean exists(Path path) throws IOException {
    return attributes(path).isPresent();
  }

  /** Those of what {@code path} leads to; nothing of what is not there, or not to be seen. */
  static Optional<BasicFileAttributes> attributes(Path path) throws IOException {
    try {
      return Optional.of(Files.readAttributes(path, BasicFileAttributes.class));
    } catch (NoSuchFileException | AccessDeniedException e) {
      return Optional.empty();
    } catch (FileSystemException e) {
      if (e.getReason() != null && MISSHAPEN.matcher(e.getReason()).matches()) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
