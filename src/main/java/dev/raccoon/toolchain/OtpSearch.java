package dev.raccoon.toolchain;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where Erlang/OTP installations are looked for, in this order.
 *
 * @param programPath folders that may hold an {@code erl}, as a process's PATH lists them
 * @param usualRoots installations' roots that need not be there
 * @param named what the operator names: roots, or folders of them
 * @param kerlBase kerl's folder, with its {@code otp_installations}
 */
public record OtpSearch(
    List<Path> programPath, List<Path> usualRoots, List<Path> named, Optional<Path> kerlBase) {
  private static final List<Path> USUAL =
      List.of(Path.of("/usr/lib/erlang"), Path.of("/usr/local/lib/erlang"), Path.of("/opt/erlang"));

  public OtpSearch {
    programPath = List.copyOf(programPath);
    usualRoots = List.copyOf(usualRoots);
    named = List.copyOf(named);
  }

  /**
   * A search of this machine.
   *
   * @param path a PATH, colon-separated
   * @param named roots or folders of them, colon-separated; may be empty
   * @param kerlBase kerl's {@code KERL_BASE_DIR}, or its default
   */
  public static OtpSearch ofMachine(String path, String named, Optional<Path> kerlBase) {
    return new OtpSearch(folders(path), USUAL, folders(named), kerlBase);
  }

  private static List<Path> folders(String list) {
    return Stream.of(list.split(":"))
        .map(String::strip)
        .filter(entry -> !entry.isEmpty())
        .flatMap(entry -> path(entry).stream())
        .toList();
  }

  /** What cannot be a path (a NUL in it) names nothing. */
  static Optional<Path> path(String text) {
    try {
      return Optional.of(Path.of(text));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }
}
