package dev.raccoon.toolchain;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

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
  /** Where packages and source builds of Erlang/OTP put it. */
  public static final List<Path> USUAL_ROOTS =
      List.of(Path.of("/usr/lib/erlang"), Path.of("/usr/local/lib/erlang"), Path.of("/opt/erlang"));

  public OtpSearch {
    programPath = List.copyOf(programPath);
    usualRoots = List.copyOf(usualRoots);
    named = List.copyOf(named);
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
