package dev.raccoon.sandbox;

import dev.raccoon.value.BuildLimits;
import dev.raccoon.value.Limit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What holds all processes of one workspace together: a control group where this server may make
 * them, else nothing but a look at the table of processes.
 */
record Cage(Optional<ControlGroup> group, BuildLimits limits) implements AutoCloseable {
  /**
   * Opens one. The kernel's own limit of memory lies above the build's, since the build's files are
   * memory as well.
   */
  static Cage open(ControlGroups groups, BuildLimits limits) throws IOException {
    if (!groups.available()) {
      return new Cage(Optional.empty(), limits);
    }
    long memoryBytes = limits.amount(Limit.MEMORY) + limits.amount(Limit.DISK);
    int processes = (int) Math.min(Integer.MAX_VALUE, limits.amount(Limit.PROCESSES) + OURS);
    return new Cage(
        Optional.of(groups.open("workspace-" + UUID.randomUUID(), memoryBytes, processes)), limits);
  }

  /** Processes of a sandbox that are not the build's: those that made it and wait for it. */
  static final int OURS = 16;

  /** What a process that is to be held writes its id to, before it becomes the program. */
  List<Path> files() {
    return group.map(ControlGroup::processFiles).orElse(List.of());
  }

  /** Measures {@code process} and all that it starts. */
  Meter meter(Process process) {
    return group.isPresent()
        ? group.get()
        : new ProcessTable(process.pid(), limits.amount(Limit.MEMORY));
  }

  /** Whether the meter takes files in a memory folder for memory. */
  boolean countsFiles() {
    return group.isPresent();
  }

  /** What the kernel has refused more of. */
  Optional<Limit> refused() throws IOException {
    return group.isPresent() ? group.get().exceeded() : Optional.empty();
  }

  /** The same, unless it is what was refused {@code before} already. */
  Optional<Limit> refusedSince(Optional<Limit> before) throws IOException {
    return refused().filter(limit -> !before.equals(Optional.of(limit)));
  }

  /** Kills what is left in it. */
  void empty() throws IOException {
    if (group.isPresent()) {
      group.get().kill();
    }
  }

  @Override
  public void close() throws IOException {
    if (group.isPresent()) {
      group.get().close();
    }
  }
}
