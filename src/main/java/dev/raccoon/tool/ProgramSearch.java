package dev.raccoon.tool;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Where an operator's programs of one kind are looked for, anew each time: what was installed since
 * the start is found as well.
 *
 * @param named files and folders that the operator names; if there are any, no others are looked at
 * @param searchPath folders, as a process's PATH lists them
 */
public record ProgramSearch(List<Path> named, List<Path> searchPath) {
  private static final int MAX_ENTRIES = 1000;

  public ProgramSearch {
    named = List.copyOf(named);
    searchPath = List.copyOf(searchPath);
  }

  /** A folder's entries in a fixed order; none of what cannot be read. */
  static Stream<Path> entries(Path folder) {
    if (!Files.isDirectory(folder)) {
      return Stream.empty();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.limit(MAX_ENTRIES).sorted().toList().stream();
    } catch (IOException | UncheckedIOException e) {
      return Stream.empty();
    }
  }

  /** The real paths of those {@code places} that are as {@code wanted}, each once. */
  static List<Path> real(Stream<Path> places, Predicate<Path> wanted) {
    return places.filter(wanted).flatMap(place -> real(place).stream()).distinct().toList();
  }

  static boolean isProgram(Path file) {
    return Files.isRegularFile(file) && Files.isExecutable(file);
  }

  private static Optional<Path> real(Path place) {
    try {
      return Optional.of(place.toRealPath());
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
