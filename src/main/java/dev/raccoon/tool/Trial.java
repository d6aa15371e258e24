package dev.raccoon.tool;

import dev.raccoon.sandbox.CommandResult;
import dev.raccoon.sandbox.Sandbox;
import dev.raccoon.sandbox.WorkFolder;
import dev.raccoon.sandbox.Workplace;
import dev.raccoon.sandbox.Workspace;
import dev.raccoon.toolchain.OtpInstallation;
import dev.raccoon.value.BuildLimits;
import dev.raccoon.value.Limit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tries whether an operator's program runs on an OTP: in a sandbox in which no package is, and once
 * for each state of the program's file. Thread-safe.
 */
public final class Trial {
  /** To print a version takes a second. */
  private static final long LIMIT_MILLIS = 60_000;

  private final Sandbox sandbox;
  private final BuildLimits limits;
  private final Path folder;
  private final ConcurrentHashMap<Subject, Optional<String>> known = new ConcurrentHashMap<>();

  /**
   * Tries in {@code sandbox}, within {@code limits}, in folders of its own below {@code folder}.
   */
  public Trial(Sandbox sandbox, BuildLimits limits, Path folder) {
    this.sandbox = sandbox;
    this.limits =
        limits.with(
            Map.of(
                Limit.TIME, Math.min(LIMIT_MILLIS, limits.amount(Limit.TIME)),
                Limit.SILENCE, Math.min(LIMIT_MILLIS, limits.amount(Limit.SILENCE))));
    this.folder = folder;
  }

  private record Subject(Task task, OtpInstallation otp, Path file, FileTime changed) {}

  /**
   * What {@code task} prints on {@code otp} when it ends well; nothing when it does not.
   *
   * @param file a file of the program that is tried: a change of it is a change of the program
   * @throws IOException when it cannot be told
   */
  Optional<String> printed(OtpInstallation otp, Path file, Task task)
      throws IOException, InterruptedException {
    Optional<FileTime> changed = changed(file);
    if (changed.isEmpty()) {
      return Optional.empty();
    }
    Subject subject = new Subject(task, otp, file, changed.get());
    Optional<String> before = known.get(subject);
    if (before != null) {
      return before;
    }
    return switch (run(otp, task)) {
      case Ended(Optional<String> printed) -> {
        known.put(subject, printed);
        yield printed;
      }
      // It says nothing of the program: the machine may have been busy.
      case Stopped() -> throw new IOException(task.title() + " was stopped at a limit");
    };
  }

  private sealed interface Run {}

  /** By itself; with what it printed if it ended well. */
  private record Ended(Optional<String> printed) implements Run {}

  private record Stopped() implements Run {}

  private static Optional<FileTime> changed(Path file) {
    try {
      return Optional.of(Files.getLastModifiedTime(file));
    } catch (IOException e) {
      // It has just been removed.
      return Optional.empty();
    }
  }

  private Run run(OtpInstallation otp, Task task) throws IOException, InterruptedException {
    Path own = folder.resolve("trial-" + UUID.randomUUID());
    try (WorkFolder work = WorkFolder.make(own)) {
      Path tree = Files.createDirectory(work.path().resolve("tree"));
      Workplace place = new Workplace(work.path(), tree, Path.of("/build/trial"));
      ByteArrayOutputStream output = new ByteArrayOutputStream();
      try (Workspace workspace = sandbox.open(place, limits)) {
        return switch (workspace.run(task.on(otp, Optional.empty()), output)) {
          case CommandResult.NotStarted(String reason) -> throw new IOException(reason);
          case CommandResult.OverLimit ignored -> new Stopped();
          case CommandResult.Exited(int status) ->
              new Ended(
                  status == 0
                      ? Optional.of(output.toString(StandardCharsets.UTF_8).strip())
                      : Optional.empty());
        };
      }
    }
  }
}
