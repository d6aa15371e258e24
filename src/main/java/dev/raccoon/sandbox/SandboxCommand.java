package dev.raccoon.sandbox;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A command to run in the sandbox.
 *
 * @param arguments the program and its arguments; no shell is added
 * @param workTree the one folder that the command may change, besides a {@code /tmp} of its own
 * @param mountPoint where it sees that folder, and starts: the same for every build of a repository
 * @param readable folders and files outside {@code /usr} that it may read, at their own places; all
 *     must exist
 * @param environment all of its environment but {@code HOME} and {@code PWD}
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
    workTree = workTree.toAbsolutePath();
    readable = List.copyOf(readable);
    environment = Map.copyOf(environment);
  }
}
