package dev.raccoon.otp;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where the operator's kerl is, and its things.
 *
 * @param program if it is named; else it is looked for in {@code searchPath}
 * @param base kerl's own folder; it need not be there
 * @param installations the folder that gets a folder for each version
 */
public record KerlSettings(
    Optional<Path> program, List<Path> searchPath, Path base, Path installations) {
  public KerlSettings {
    searchPath = List.copyOf(searchPath);
  }
}
