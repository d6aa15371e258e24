package dev.raccoon.sandbox;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A control group as the kernel shows it, a folder whose files are its switches and gauges: {@code
 * Documentation/admin-guide/cgroup-v2.rst} and {@code cgroup-v1/} of the kernel's sources. A group
 * that is gone has no processes.
 */
record GroupFolder(Path path) {
  private static final String PROCESSES = "cgroup.procs";
  private static final Duration TO_DIE = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofMillis(5);

  /** Makes the folder where it is not there. */
  static GroupFolder make(Path path) throws IOException {
    return new GroupFolder(Files.createDirectories(path));
  }

  /** The file that takes the numbers of processes that are to move here. */
  Path processFile() {
    return path.resolve(PROCESSES);
  }

  boolean has(String file) {
    return Files.exists(path.resolve(file));
  }

  boolean isWritable() {
    return Files.isWritable(path) && Files.isWritable(processFile());
  }

  void write(String file, Object value) throws IOException {
    // Such a file can neither be made nor cut.
    Files.writeString(path.resolve(file), value.toString(), StandardOpenOption.WRITE);
  }

  /** A file's words. */
  List<String> words(String file) throws IOException {
    return List.of(Files.readString(path.resolve(file)).strip().split("\\s+"));
  }

  /** A file's one number. */
  long number(String file) throws IOException {
    return Long.parseLong(words(file).getFirst());
  }

  /** The number behind {@code key} in a file of such pairs; empty where the kernel has none. */
  OptionalLong number(String file, String key) throws IOException {
    if (!has(file)) {
      return OptionalLong.empty();
    }
    List<String> words = words(file);
    for (int i = 0; i + 1 < words.size(); i += 2) {
      if (words.get(i).equals(key)) {
        return OptionalLong.of(Long.parseLong(words.get(i + 1)));
      }
    }
    return OptionalLong.empty();
  }

  /**
   * The processes in this group itself, by their numbers; 0 stands for one of another name space.
   */
  List<Long> processes() throws IOException {
    try {
      return Files.readAllLines(processFile()).stream().map(Long::valueOf).toList();
    } catch (IOException e) {
      if (!Files.exists(path)) {
        return List.of();
      }
      throw e;
    }
  }

  /** Kills all that is in this group and below it. They may still be dying when this returns. */
  void kill() throws IOException {
    for (GroupFolder child : children()) {
      child.kill();
    }
    if (has("cgroup.kill")) { // Linux 5.14, v2 alone: at once, whatever they do
      write("cgroup.kill", 1);
      return;
    }
    if (has("pids.max")) {
      write("pids.max", 0); // no process can be added while they are killed one by one
    }
    killEach();
  }

  private void killEach() throws IOException {
    for (long process : processes()) {
      Optional<ProcessHandle> handle = process > 0 ? ProcessHandle.of(process) : Optional.empty();
      handle.ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  /**
   * Kills all that is in this group and below it, waits until it is gone, and removes them. An
   * interrupt does not stop it: it is often why something ends.
   *
   * @throws IOException when some process does not die within seconds
   */
  void remove() throws IOException {
    long deadline = System.nanoTime() + TO_DIE.toNanos();
    boolean interrupted = false;
    try {
      while (!tryToRemove()) {
        if (System.nanoTime() > deadline) {
          throw new IOException(complaint());
        }
        interrupted |= pauseIsInterrupted();
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private boolean tryToRemove() throws IOException {
    if (!Files.exists(path)) {
      return true;
    }
    kill();
    for (GroupFolder child : children()) {
      child.remove();
    }
    if (!processes().isEmpty()) {
      return false;
    }
    try {
      return Files.deleteIfExists(path);
    } catch (IOException busy) {
      return false; // a process that has just died counts for a moment more
    }
  }

  private String complaint() throws IOException {
    return "The control group "
        + path
        + " could not be removed within "
        + TO_DIE.toSeconds()
        + " s: "
        + processes().size()
        + " processes are still in it.";
  }

  private static boolean pauseIsInterrupted() {
    try {
      Thread.sleep(PAUSE);
      return false;
    } catch (InterruptedException e) {
      return true;
    }
  }

  /** The groups in this one. */
  List<GroupFolder> children() throws IOException {
    List<GroupFolder> children = new ArrayList<>();
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(path, Files::isDirectory)) {
      folders.forEach(folder -> children.add(new GroupFolder(folder)));
    } catch (NoSuchFileException | NotDirectoryException gone) {
      return List.of();
    }
    return children;
  }
}
