package dev.raccoon.hostile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is there of a server's builds on this machine: processes, files, sockets, mounts and
 * cgroups. Nothing of them may be there that was not there before they began.
 */
final class Leftovers {
  /** How the files are called that attacks would leave anywhere. */
  private static final String MARKS = "raccoon-(poison|was-here).*";

  private final Path folder;
  private final ProcessHandle server;
  private final Set<String> before;

  /** Those of {@code server}, all of whose files are in {@code folder}; now nothing is built. */
  Leftovers(Path folder, ProcessHandle server) {
    this.folder = folder;
    this.server = server;
    this.before = all();
  }

  /** What is there now and was not before. */
  List<String> now() {
    return all().stream().filter(what -> !before.contains(what)).toList();
  }

  private Set<String> all() {
    return Stream.of(processes(), files(), marks(), sockets(), mounts(), groups())
        .flatMap(found -> found)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Below the server, or in one of its sandboxes wherever it has got to; none is PostgreSQL's. */
  private Stream<String> processes() {
    Stream<Path> below = server.descendants().map(process -> Path.of("/proc", "" + process.pid()));
    Stream<Path> inSandbox =
        list(Path.of("/proc"))
            .filter(process -> process.getFileName().toString().matches("[0-9]+"))
            .filter(process -> !read(process.resolve("mountinfo")).isEmpty())
            .filter(this::isInSandbox);
    return Stream.concat(below, inSandbox)
        .map(process -> "process " + process.getFileName() + ": " + commandLine(process))
        .filter(line -> !line.contains("postgres"))
        .distinct();
  }

  private boolean isInSandbox(Path process) {
    Optional<Path> nameSpace = link(process.resolve("ns/pid"));
    return !nameSpace.isEmpty() && !nameSpace.equals(link(Path.of("/proc/self/ns/pid")));
  }

  /** In the folders of builds and of their sources, both of which are there from the first on. */
  private Stream<String> files() {
    return Stream.of("builds", "sources")
        .map(name -> folder.resolve("data/work").resolve(name))
        .flatMap(Leftovers::list)
        .map(file -> "file " + file);
  }

  private Stream<String> marks() {
    return Stream.of(
            folder.resolve("outside"),
            folder.resolve("data"),
            Path.of("/tmp"),
            Path.of("/var/tmp"),
            Path.of("/dev/shm"),
            Path.of(""))
        .flatMap(Leftovers::list)
        .filter(file -> file.getFileName().toString().matches(MARKS))
        .map(file -> "mark " + file);
  }

  private Stream<String> sockets() {
    return read(Path.of("/proc/net/unix"))
        .lines()
        .filter(line -> line.contains(folder.toString()))
        .map(line -> "socket " + line.replaceFirst("^.* ", ""));
  }

  private Stream<String> mounts() {
    return read(Path.of("/proc/self/mountinfo"))
        .lines()
        .filter(line -> line.contains(folder.toString()))
        .map(line -> "mount " + line);
  }

  /** Their names begin with the node's: one for each build, where they are delegated. */
  private Stream<String> groups() {
    String node = read(folder.resolve("data/node-id")).strip();
    try (Stream<Path> all = Files.walk(Path.of("/sys/fs/cgroup"), 6)) {
      return all
          .filter(group -> group.toString().contains(node))
          .filter(Files::isDirectory)
          .map(group -> "cgroup " + group)
          .toList()
          .stream();
    } catch (IOException | UncheckedIOException e) {
      return Stream.of("cgroup that vanishes: " + e.getMessage());
    }
  }

  private static String commandLine(Path process) {
    return read(process.resolve("cmdline")).replace('\0', ' ');
  }

  /** Empty where it is gone, or not ours to read. */
  private static String read(Path file) {
    try {
      return Files.readString(file, ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }

  private static Optional<Path> link(Path file) {
    try {
      return Optional.of(Files.readSymbolicLink(file));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Stream<Path> list(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.toList().stream();
    } catch (IOException e) {
      return Stream.empty();
    }
  }
}
