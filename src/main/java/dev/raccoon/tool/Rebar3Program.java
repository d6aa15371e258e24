package dev.raccoon.tool;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * A rebar3 that runs on the OTP that is built for.
 *
 * @param file an escript named {@code rebar3}: by its name it finds its own code
 * @param version such as {@code 3.19.0}
 * @param readable what a task must be shown to run it
 */
public record Rebar3Program(Path file, String version, List<Path> readable) {
  public Rebar3Program {
    readable = List.copyOf(readable);
  }

  /** Its folder, for a task's PATH. */
  Path folder() {
    return Objects.requireNonNull(file.getParent(), "an absolute path of a file");
  }
}
