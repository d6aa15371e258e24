package dev.raccoon.sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A program and all that descends from it, counted from outside: for machines whose kernel does not
 * count for us. It looks at a moment and prevents nothing. Whose parent dies becomes a child of its
 * name space's first process, so within a sandbox everything stays a descendant. Files in a memory
 * file system are not counted.
 */
final class ProcessTable implements Meter {
  private final Path proc;
  private final long program;
  private final long memoryLimitBytes;

  /**
   * Counts {@code program}, by its number. Beyond {@code memoryLimitBytes}, it counts memory again
   * precisely: pages that processes share only once.
   */
  ProcessTable(long program, long memoryLimitBytes) {
    this(Path.of("/proc"), program, memoryLimitBytes);
  }

  /** With another {@code /proc}. */
  ProcessTable(Path proc, long program, long memoryLimitBytes) {
    this.proc = proc;
    this.program = program;
    this.memoryLimitBytes = memoryLimitBytes;
  }

  @Override
  public Usage sample() throws IOException {
    List<ProcessStatus> all = new ArrayList<>();
    for (long process : processes()) {
      status(process).ifPresent(all::add);
    }
    int count = all.stream().mapToInt(ProcessStatus::threads).sum();
    long bytes = all.stream().mapToLong(ProcessStatus::residentBytes).sum();
    return new Usage(bytes > memoryLimitBytes ? preciseBytes(all) : bytes, count);
  }

  /** The program and its descendants. */
  private List<Long> processes() throws IOException {
    Map<Long, List<Long>> children = new HashMap<>();
    boolean alive = false;
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(proc, "[0-9]*")) {
      for (Path entry : entries) {
        long process = Long.parseLong(entry.getFileName().toString());
        alive |= process == program;
        parent(process)
            .ifPresent(
                parent -> children.computeIfAbsent(parent, _ -> new ArrayList<>()).add(process));
      }
    }
    List<Long> all = new ArrayList<>(alive ? List.of(program) : List.of());
    for (int i = 0; i < all.size(); i++) {
      all.addAll(children.getOrDefault(all.get(i), List.of()));
    }
    return all;
  }

  /** Behind the name, which is in brackets and may hold anything, come the state and the parent. */
  private Optional<Long> parent(long process) {
    return read(process, "stat")
        .map(stat -> stat.substring(stat.lastIndexOf(')') + 2).split(" ", 3)[1])
        .map(Long::valueOf);
  }

  private Optional<ProcessStatus> status(long process) {
    return read(process, "status").map(text -> ProcessStatus.parse(process, text));
  }

  /** A process that may not be looked at so closely is counted as before. */
  private long preciseBytes(List<ProcessStatus> all) {
    return all.stream()
        .mapToLong(status ->
            read(status.process(), "smaps_rollup")
                .flatMap(ProcessStatus::proportionalBytes)
                .orElse(status.residentBytes()))
        .sum();
  }

  /** Empty where the process has gone meanwhile, or does not show it. */
  private Optional<String> read(long process, String file) {
    try {
      byte[] bytes = Files.readAllBytes(proc.resolve(Long.toString(process)).resolve(file));
      return bytes.length == 0
          ? Optional.empty()
          : Optional.of(new String(bytes, StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
