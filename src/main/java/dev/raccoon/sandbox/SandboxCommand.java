package dev.raccoon.sandbox;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A command to run in a workspace.
 *
 * @param arguments the program and its arguments; no shell is added
 * @param readable folders and files outside {@code /usr} that it may read, at their own places; all
 *     must exist
 * @param environment all of its environment but {@code HOME}, {@code PWD} and, with a way out, the
 *     proxy's
 * @param wayOut the Unix socket of an HTTP proxy, its one way out; empty: no network at all
 */
public record SandboxCommand(
    List<String> arguments,
    List<Path> readable,
    Map<String, String> environment,
    Optional<Path> wayOut) {
  public SandboxCommand {
    arguments = List.copyOf(arguments);
    readable = List.copyOf(readable);
    environment = Map.copyOf(environment);
  }
}
