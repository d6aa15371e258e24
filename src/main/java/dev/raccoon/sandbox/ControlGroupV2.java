package dev.raccoon.sandbox;

import dev.raccoon.value.Limit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** One folder for all: cgroup v2. */
final class ControlGroupV2 implements ControlGroup {
  private final GroupFolder group;

  private ControlGroupV2(GroupFolder group) {
    this.group = group;
  }

  static ControlGroupV2 make(Path path, long memoryBytes, int processes) throws IOException {
    ControlGroupV2 made = new ControlGroupV2(new GroupFolder(path));
    try {
      limit(GroupFolder.make(path), memoryBytes, processes);
      return made;
    } catch (IOException e) {
      made.close();
      throw e;
    }
  }

  private static void limit(GroupFolder group, long memoryBytes, int processes) throws IOException {
    group.write("memory.max", memoryBytes);
    if (group.has("memory.swap.max")) { // a kernel without swap has none
      group.write("memory.swap.max", 0);
    }
    if (group.has("memory.oom.group")) { // Linux 4.19
      group.write("memory.oom.group", 1);
    }
    group.write("pids.max", processes);
  }

  @Override
  public List<Path> processFiles() {
    return List.of(group.processFile());
  }

  @Override
  public Usage sample() throws IOException {
    long cache = group.number("memory.stat", "file").orElse(0);
    long shared = group.number("memory.stat", "shmem").orElse(0);
    long memory = group.number("memory.current") - Math.max(0, cache - shared);
    return new Usage(Math.max(0, memory), Math.toIntExact(group.number("pids.current")));
  }

  @Override
  public Optional<Limit> exceeded() throws IOException {
    if (group.number("memory.events", "oom_kill").orElse(0) > 0) {
      return Optional.of(Limit.MEMORY);
    }
    return group.number("pids.events", "max").orElse(0) > 0
        ? Optional.of(Limit.PROCESSES)
        : Optional.empty();
  }

  @Override
  public void kill() throws IOException {
    group.kill();
  }

  @Override
  public void close() throws IOException {
    group.remove();
  }
}
