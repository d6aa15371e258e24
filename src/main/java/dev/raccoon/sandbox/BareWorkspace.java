package dev.raccoon.sandbox;

import dev.raccoon.process.Subprocess;
import dev.raccoon.value.BuildLimits;
import dev.raccoon.value.Limit;
import dev.raccoon.value.Peaks;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Runs commands as the server's own user, with its network and all that it can read, in the tree
 * where it lies: for an operator who has said so in so many words. Time, silence and the size of a
 * file are limited, and memory and processes by a look at them ten times a second; by the kernel
 * where there are control groups. Without those, a daemon that has left its parents goes on.
 */
final class BareWorkspace implements Workspace {
  private final Launcher launcher;
  private final Workplace place;
  private final BuildLimits limits;
  private final Cage cage;
  private final long endNanos;
  private int commands;
  private Peaks peaks = Peaks.NONE;

  /** Starts the time that {@code limits} give to all commands together. */
  BareWorkspace(Launcher launcher, Workplace place, BuildLimits limits, Cage cage) {
    this.launcher = launcher;
    this.place = place;
    this.limits = limits;
    this.cage = cage;
    this.endNanos = System.nanoTime() + limits.time(Limit.TIME).toNanos();
  }

  /** What a variable names inside of a sandbox, where it lies without one. */
  private static String here(String value, Path inside, Path outside) {
    boolean isMeant = value.equals(inside.toString()) || value.startsWith(inside + "/");
    return isMeant ? outside + value.substring(inside.toString().length()) : value;
  }

  @Override
  public CommandResult run(SandboxCommand command, OutputStream log)
      throws IOException, InterruptedException {
    commands++;
    Path own = Files.createDirectories(place.folder().resolve("command-" + commands));
    List<String> program = new ArrayList<>(List.of("env", "-C", place.tree().toString(), "-i"));
    Path cache = Files.createDirectories(place.folder().resolve("cache"));
    command
        .environment()
        .forEach((name, value) ->
            program.add(
                name + "=" + here(here(value, CACHE, cache), place.mountPoint(), place.tree())));
    program.addAll(List.of("HOME=" + own, "TMPDIR=" + own));
    program.addAll(FirstProcess.bare(command, limits));
    Optional<Limit> before = cage.refused();
    Process process =
        launcher.start(LaunchScript.starting(program, cage.files(), Optional.empty()));
    FirstProcess first = new FirstProcess(log);
    Meter meter = cage.meter(process);
    Watch watch = new Watch(first, limits, endNanos, () -> use(meter), Subprocess::kill);
    try {
      return Sandbox.publicly(
          new CommandRun(process, first, watch, limits).await(() -> cage.refusedSince(before)));
    } finally {
      peaks = peaks.max(watch.peaks());
      cage.empty();
    }
  }

  private static Peaks use(Meter meter) throws IOException {
    Usage usage = meter.sample();
    return new Peaks(usage.memoryBytes(), usage.processes(), 0, 0);
  }

  /** The tree itself: nothing else has a name for it any more. */
  @Override
  public CommandResult copyTree(Path folder, OutputStream log) throws IOException {
    Files.move(place.tree(), folder);
    return new CommandResult.Exited(0);
  }

  @Override
  public Peaks peaks() {
    return peaks;
  }

  @Override
  public void close() throws IOException {
    cage.close();
  }
}
