package dev.raccoon.sandbox;

import dev.raccoon.value.Limit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A folder for memory and one for processes: cgroup v1. */
final class ControlGroupV1 implements ControlGroup {
  private final GroupFolder memory;
  private final GroupFolder processes;

  private ControlGroupV1(GroupFolder memory, GroupFolder processes) {
    this.memory = memory;
    this.processes = processes;
  }

  static ControlGroupV1 make(Path memory, Path processes, long memoryBytes, int count)
      throws IOException {
    ControlGroupV1 group = new ControlGroupV1(new GroupFolder(memory), new GroupFolder(processes));
    try {
      group.limit(memoryBytes, count);
      return group;
    } catch (IOException e) {
      group.close();
      throw e;
    }
  }

  private void limit(long memoryBytes, int count) throws IOException {
    GroupFolder.make(memory.path()).write("memory.limit_in_bytes", memoryBytes);
    if (memory.has("memory.memsw.limit_in_bytes")) {
      memory.write("memory.memsw.limit_in_bytes", memoryBytes); // memory and swap together
    } else {
      memory.write("memory.swappiness", 0);
    }
    GroupFolder.make(processes.path()).write("pids.max", count);
  }

  @Override
  public List<Path> processFiles() {
    return List.of(memory.processFile(), processes.processFile());
  }

  @Override
  public Usage sample() throws IOException {
    long cache = memory.number("memory.stat", "total_cache").orElse(0);
    long shared = memory.number("memory.stat", "total_shmem").orElse(0);
    long bytes = memory.number("memory.usage_in_bytes") - Math.max(0, cache - shared);
    return new Usage(Math.max(0, bytes), Math.toIntExact(processes.number("pids.current")));
  }

  /**
   * A memory limit's own count of failures is of no use: it counts what file cache made room for.
   */
  @Override
  public Optional<Limit> exceeded() throws IOException {
    if (memory.number("memory.oom_control", "oom_kill").orElse(0) > 0) {
      return Optional.of(Limit.MEMORY);
    }
    return processes.number("pids.events", "max").orElse(0) > 0
        ? Optional.of(Limit.PROCESSES)
        : Optional.empty();
  }

  @Override
  public void kill() throws IOException {
    processes.kill(); // first: no process can be added to it then
    memory.kill();
  }

  @Override
  public void close() throws IOException {
    kill();
    try {
      processes.remove();
    } finally {
      memory.remove();
    }
  }
}
