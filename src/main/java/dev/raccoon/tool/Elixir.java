package dev.raccoon.tool;

import java.nio.file.Path;

/**
 * An Elixir that runs on the OTP that is built for.
 *
 * @param root its real path: the folder that holds {@code bin/elixir}, {@code bin/mix} and {@code
 *     lib}; a task must be shown it
 * @param version such as {@code 1.14.0}
 */
public record Elixir(Path root, String version) {
  /** The folder of {@code elixir} and {@code mix}, for a task's PATH. */
  public Path bin() {
    return root.resolve("bin");
  }
}
