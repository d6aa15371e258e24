package dev.raccoon.sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A program and all that descends from it, counted from outside: for machines whose kernel does not
 * count for us. It looks at a moment and prevents nothing. Whose parent dies becomes a child of its
 * name space's first process, so within a sandbox everything stays a descendant. Files in a memory
 * file system are not counted.
 *
 * <p>Looking at all of a machine's processes takes long, so those known as strangers are looked at
 * in every tenth sample only. Thread-safe.
 */
final class ProcessTable implements Meter {
  /** A stranger's number may be given to another process when it has ended. */
  private static final int SAMPLES_BETWEEN_FULL_ONES = 10;

  private final Path proc;
  private final long program;
  private final long memoryLimitBytes;
  private final Set<Long> strangers = new HashSet<>();
  private int samples;

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
  public synchronized Usage sample() throws IOException {
    if (samples++ % SAMPLES_BETWEEN_FULL_ONES == 0) {
      strangers.clear();
    }
    Map<Long, ProcessStatus> seen = look();
    List<ProcessStatus> all = family(seen);
    rememberStrangers(seen, all);
    int count = all.stream().mapToInt(ProcessStatus::threads).sum();
    long bytes = all.stream().mapToLong(ProcessStatus::residentBytes).sum();
    return new Usage(bytes > memoryLimitBytes ? preciseBytes(all) : bytes, count);
  }

  /** All processes of the machine, but for those known as strangers. */
  private Map<Long, ProcessStatus> look() throws IOException {
    Map<Long, ProcessStatus> seen = new LinkedHashMap<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(proc, "[0-9]*")) {
      for (Path entry : entries) {
        long process = Long.parseLong(entry.getFileName().toString());
        if (!strangers.contains(process)) {
          read(process, "status")
              .map(text -> ProcessStatus.parse(process, text))
              .ifPresent(status -> seen.put(process, status));
        }
      }
    }
    return seen;
  }

  /** The program and its descendants. */
  private List<ProcessStatus> family(Map<Long, ProcessStatus> seen) {
    Map<Long, List<ProcessStatus>> children =
        seen.values().stream().collect(Collectors.groupingBy(ProcessStatus::parent));
    List<ProcessStatus> all = new ArrayList<>();
    Optional.ofNullable(seen.get(program)).ifPresent(all::add);
    for (int i = 0; i < all.size(); i++) {
      all.addAll(children.getOrDefault(all.get(i).process(), List.of()));
    }
    return all;
  }

  /**
   * A child of a stranger is a stranger. Whose parent is unknown may have lost it a moment ago, and
   * be found in the family at the next look.
   */
  private void rememberStrangers(Map<Long, ProcessStatus> seen, List<ProcessStatus> family) {
    Set<ProcessStatus> ours = new HashSet<>(family);
    for (ProcessStatus status : seen.values()) {
      if (!ours.contains(status) && (status.parent() == 0 || strangers.contains(status.parent()))) {
        strangers.add(status.process());
      }
    }
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
