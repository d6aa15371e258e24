package dev.raccoon.sandbox;

import dev.raccoon.process.Subprocess;
import dev.raccoon.value.BuildLimits;
import dev.raccoon.value.Limit;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * Where a build works: a file system in memory, of a limited size and number of files, which only a
 * name space of its own sees. A process holds both; when that ends, as it does with this server,
 * they are gone, whatever was written there.
 *
 * <p>Its folders: {@code tree}, a copy of the work tree; {@code etc}; {@code cache}, which lasts
 * from command to command; and, numbered, the folders that each command gets for its own.
 */
final class MemoryFolder implements AutoCloseable {
  private static final String IS_UP = "the folder is there";
  private static final String FULL = "No space left on device";
  private static final String NO_FILES_LEFT = " 0 files are left";
  private static final int START_SECONDS = 120;
  private static final int MAX_COMPLAINT_LINES = 20;

  /** As root of its own name space, which is as whom this server runs outside. */
  private static final List<String> NAME_SPACES =
      List.of("unshare", "--user", "--map-root-user", "--mount", "--propagation", "private", "--");

  private static final String HOLD =
      """
      export LC_ALL=C
      mount -t tmpfs -o "size=$1,nr_inodes=$2,mode=0755,nosuid,nodev" raccoon "$3" && cd "$3" || exit 1
      mkdir tree cache && cp -R -- "$5" etc && cp -dR --preserve=mode,timestamps,links -- "$4/." tree || {
        stat -f -c ' %d files are left' .
        exit 1
      }
      echo 'the folder is there'
      read -r end
      """;

  private final Process holder;
  private final Path path;

  private MemoryFolder(Process holder, Path path) {
    this.holder = holder;
    this.path = path;
  }

  /** What came of making one. */
  sealed interface Making {
    record Made(MemoryFolder folder) implements Making {}

    /** The tree is larger than it may be. */
    record Full(Limit limit) implements Making {}

    record Failed(String complaint) implements Making {}
  }

  /**
   * Makes one in the folder of {@code place}, with a copy of its tree.
   *
   * @param groups what its holder writes its process's id to
   */
  static Making make(Sandbox.Means means, Workplace place, BuildLimits limits, List<Path> groups)
      throws IOException, InterruptedException {
    Path path = Files.createDirectories(place.folder().resolve("memory"));
    List<String> hold = new ArrayList<>(NAME_SPACES);
    hold.addAll(List.of("/bin/sh", "-c", HOLD, "sh"));
    hold.add(Long.toString(limits.amount(Limit.DISK)));
    hold.add(Long.toString(limits.amount(Limit.FILES)));
    Stream.of(path, place.tree(), means.etc()).map(Path::toString).forEach(hold::add);
    Process holder = means.launcher().start(LaunchScript.starting(hold, groups, Optional.empty()));
    try {
      return made(holder, path);
    } catch (IOException | InterruptedException e) {
      Subprocess.kill(holder);
      throw e;
    }
  }

  private static Making made(Process holder, Path path) throws IOException, InterruptedException {
    // A thread of its own, since a read of a pipe has no time limit.
    CompletableFuture<String> said = new CompletableFuture<>();
    Thread.ofPlatform()
        .name("memory-folder-" + holder.pid())
        .daemon()
        .start(() -> said.complete(saidBy(holder)));
    try {
      String complaint = said.get(START_SECONDS, TimeUnit.SECONDS);
      if (complaint.isEmpty()) {
        return new Making.Made(new MemoryFolder(holder, path));
      }
      holder.destroyForcibly();
      return complaint.contains(FULL)
          ? new Making.Full(complaint.contains(NO_FILES_LEFT) ? Limit.FILES : Limit.DISK)
          : new Making.Failed(complaint);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("a memory folder took longer than " + START_SECONDS + " s", e);
    }
  }

  /** Its complaint, if the folder cannot be made. */
  private static String saidBy(Process holder) {
    List<String> said = new ArrayList<>();
    try {
      BufferedReader lines = holder.inputReader(StandardCharsets.UTF_8);
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.equals(IS_UP)) {
          return "";
        }
        if (said.size() < MAX_COMPLAINT_LINES) {
          said.add(line);
        }
      }
    } catch (IOException e) {
      said.add(e.getMessage());
    }
    return "the memory folder's holder said: " + String.join("; ", said);
  }

  /** The command that runs {@code program} where the folder is seen, as root of that name space. */
  List<String> entering(List<String> program) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "nsenter",
                "--target",
                Long.toString(holder.pid()),
                "--user",
                "--mount",
                "--preserve-credentials",
                "--"));
    all.addAll(program);
    return all;
  }

  /** Where programs that have entered see {@code name}. */
  Path inside(String name) {
    return path.resolve(name);
  }

  /** The command that copies its folder {@code name} to {@code target}, for who has entered. */
  List<String> copying(String name, Path target) {
    return List.of(
        "cp",
        "-dR",
        "--preserve=mode,timestamps,links",
        "--",
        inside(name).toString(),
        target.toString());
  }

  /** Makes the folder {@code name}. */
  void makeFolder(String name) throws IOException {
    Files.createDirectories(outside().resolve(name));
  }

  /** Gives the folder {@code name} the rights back that a command may have taken from it. */
  void unlock(String name) throws IOException {
    Files.setPosixFilePermissions(
        outside().resolve(name), PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** Whether it is still there. */
  boolean isAlive() {
    return holder.isAlive();
  }

  /**
   * How full it is.
   *
   * @throws GoneException when it is not there any more
   */
  StatVfs use() throws IOException {
    try {
      return StatVfs.of(outside());
    } catch (IOException e) {
      if (holder.onExit().completeOnTimeout(holder, 1, TimeUnit.SECONDS).join().isAlive()) {
        throw e;
      }
      throw new GoneException();
    }
  }

  /** The kernel has killed its holder, for want of memory. */
  static final class GoneException extends IOException {
    private static final long serialVersionUID = 1L;

    GoneException() {
      super("the memory folder's holder was killed");
    }
  }

  /** This server sees it in its holder's view. */
  private Path outside() {
    return Path.of("/proc", Long.toString(holder.pid()), "root")
        .resolve(path.toString().substring(1));
  }

  /** Ends the holder, and with it the folder. */
  @Override
  public void close() {
    holder.destroyForcibly();
    holder.onExit().join();
  }
}
