package dev.raccoon.sandbox;

import dev.raccoon.process.Subprocess;
import dev.raccoon.sandbox.LaunchScript.Descriptors;
import dev.raccoon.sandbox.MemoryFolder.Making;
import dev.raccoon.value.BuildLimits;
import dev.raccoon.value.Limit;
import dev.raccoon.value.Peaks;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Runs commands under bubblewrap, each in name spaces of its own, on a tree in a {@link
 * MemoryFolder}, which is made for the first command and lasts until this is closed.
 */
final class SandboxedWorkspace implements Workspace {
  /** For copying what was built, which is the server's work. */
  private static final Duration COPY_TIME = Duration.ofMinutes(10);

  private static final long LITTLE_SPACE_BYTES = 1 << 20;

  private final Sandbox.Means means;
  private final Workplace place;
  private final BuildLimits limits;
  private final Cage cage;
  private final long endNanos;
  private @Nullable MemoryFolder memory;
  private int commands;
  private Peaks peaks = Peaks.NONE;

  /** Starts the time that {@code limits} give to all commands together. */
  SandboxedWorkspace(Sandbox.Means means, Workplace place, BuildLimits limits, Cage cage) {
    this.means = means;
    this.place = place;
    this.limits = limits;
    this.cage = cage;
    this.endNanos = System.nanoTime() + limits.time(Limit.TIME).toNanos();
  }

  @Override
  public CommandResult run(SandboxCommand command, OutputStream log)
      throws IOException, InterruptedException {
    return Sandbox.publicly(runOrExplain(command, log));
  }

  @Override
  public CommandResult copyTree(Path folder, OutputStream log)
      throws IOException, InterruptedException {
    Making making = memory();
    if (!(making instanceof Making.Made(MemoryFolder made))) {
      return Sandbox.publicly(notMade(making));
    }
    // The kernel makes no devices in a name space, and what else there is, is copied as it is.
    Process copy =
        means
            .launcher()
            .start(
                LaunchScript.starting(
                    made.entering(made.copying("tree", folder)), cage.files(), Optional.empty()));
    return switch (Subprocess.await(copy, COPY_TIME, log)) {
      case Subprocess.End.Exited(int status) when status == 0 -> new CommandResult.Exited(0);
      case Subprocess.End.Exited(int status) -> {
        requireSpace(place.folder());
        yield new CommandResult.Exited(status);
      }
      case Subprocess.End.TimedOut(Duration after) ->
          throw new IOException("what was built could not be copied within " + after);
    };
  }

  /** What copies only reads what the build has written: a disk that is full is this server's. */
  private static void requireSpace(Path folder) throws IOException {
    StatVfs disk = StatVfs.of(folder);
    if (disk.freeBytes() < LITTLE_SPACE_BYTES || disk.freeFiles() == 0) {
      throw new FileSystemException(folder.toString(), null, "No space left on device");
    }
  }

  /** The same as {@link #run}, with reasons that are for the server's operator only. */
  CommandResult runOrExplain(SandboxCommand command, OutputStream log)
      throws IOException, InterruptedException {
    Making making = memory();
    return making instanceof Making.Made(MemoryFolder made)
        ? run(command, log, made)
        : notMade(making);
  }

  private Making memory() throws IOException, InterruptedException {
    if (memory != null) {
      return new Making.Made(memory);
    }
    Making making = MemoryFolder.make(means, place, limits, cage.files());
    if (making instanceof Making.Made(MemoryFolder made)) {
      memory = made;
    }
    return making;
  }

  private CommandResult notMade(Making making) {
    return switch (making) {
      case Making.Full(Limit limit) -> new CommandResult.OverLimit(limit, limits.amount(limit));
      case Making.Failed(String complaint) -> new CommandResult.NotStarted(complaint);
      case Making.Made ignored -> throw new IllegalStateException("it was made");
    };
  }

  private CommandResult run(SandboxCommand command, OutputStream log, MemoryFolder made)
      throws IOException, InterruptedException {
    commands++;
    String own = "command-" + commands;
    Optional<Limit> full = makeReady(made, own);
    if (full.isPresent()) {
      return new CommandResult.OverLimit(full.get(), limits.amount(full.get()));
    }
    Optional<Limit> before = cage.refused();
    SandboxInfo info = new SandboxInfo(place.folder(), own);
    List<String> program =
        made.entering(means.bubblewrap().running(command, place.mountPoint(), made, own, limits));
    try {
      Process process = start(program, info);
      FirstProcess first = new FirstProcess(log);
      Watch watch = watch(first, cage.meter(process), made, started -> kill(started, info));
      try {
        return new CommandRun(process, first, watch, limits).await(() -> cage.refusedSince(before));
      } finally {
        peaks = peaks.max(watch.peaks());
      }
    } finally {
      info.requireEnd();
    }
  }

  private Process start(List<String> program, SandboxInfo info)
      throws IOException, InterruptedException {
    Descriptors files = new Descriptors(info.file(), means.filter());
    return means.launcher().start(LaunchScript.starting(program, cage.files(), Optional.of(files)));
  }

  /**
   * Makes a command's own folders, and undoes what the one before may have done to those that they
   * share. Answers what that one has used up.
   */
  private Optional<Limit> makeReady(MemoryFolder made, String own) throws IOException {
    try {
      for (Bubblewrap.OwnFolder folder : Bubblewrap.OwnFolder.values()) {
        made.makeFolder(own + "/" + folder.name);
      }
      made.unlock("tree");
      made.unlock("cache");
      return Optional.empty();
    } catch (IOException e) {
      if (!made.isAlive()) {
        return Optional.of(cage.refused().orElseThrow(() -> e));
      }
      StatVfs use = made.use();
      if (use.freeFiles() < Bubblewrap.OwnFolder.values().length + 1) {
        return Optional.of(Limit.FILES);
      }
      if (use.freeBytes() == 0) {
        return Optional.of(Limit.DISK);
      }
      throw e;
    }
  }

  private Watch watch(FirstProcess first, Meter meter, MemoryFolder made, Subprocess.Killer kill) {
    return new Watch(first, limits, endNanos, () -> use(meter, made), kill);
  }

  /** Pages of the memory folder are memory to a control group, and here they are disk. */
  private Peaks use(Meter meter, MemoryFolder made) throws IOException {
    StatVfs disk = made.use();
    Usage usage = meter.sample();
    long files = cage.countsFiles() ? disk.usedBytes() : 0;
    return new Peaks(
        Math.max(0, usage.memoryBytes() - files),
        usage.processes(),
        disk.usedBytes(),
        disk.usedFiles());
  }

  /** By the sandbox's first process, however many there are and however fast they multiply. */
  private static void kill(Process process, SandboxInfo info) {
    info.killFirstProcess();
    Subprocess.kill(process);
    info.killStray();
  }

  @Override
  public Peaks peaks() {
    return peaks;
  }

  @Override
  public void close() throws IOException {
    if (memory != null) {
      memory.close();
    }
    cage.close();
  }
}
