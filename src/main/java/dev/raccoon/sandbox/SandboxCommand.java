package dev.raccoon.sandbox;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A command to run in the sandbox.
 *
 * @param arguments the program and its arguments; no shell is added
 * @param workTree the one folder that the command may change
 * @param mountPoint where it sees that folder, and starts: the same for every build of a repository
 * @param readable folders outside {@code /usr} that it may read, at their own places
 * @param environment all of its environment
 * @param timeout wall clock, after which the whole tree of its processes is killed
 */
public record SandboxCommand(
    List<String> arguments,
    Path workTree,
    Path mountPoint,
    List<Path> readable,
    Map<String, String> environment,
    Duration timeout) {
  public SandboxCommand {
    arguments = List.copyOf(arguments);
    readable = List.copyOf(readable);
    environment = Map.copyOf(environment);
  }
}
