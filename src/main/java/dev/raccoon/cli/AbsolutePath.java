package dev.raccoon.cli;

import dev.raccoon.value.InvalidValueException;
import java.nio.file.Path;

/** The path of a file that a command is given. */
final class AbsolutePath {
  private AbsolutePath() {}

  /** A relative one would be another file for whoever wrote it: bin/run changes folders. */
  static Path of(Path path) {
    if (!path.isAbsolute()) {
      throw new InvalidValueException("An absolute path was expected, not " + path);
    }
    return path.normalize();
  }
}
