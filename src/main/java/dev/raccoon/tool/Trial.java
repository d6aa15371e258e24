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
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tries whether an operator's program runs on an OTP: in a sandbox in which no package is, and once
 * for each state of the program's file, however many ask at once. Thread-safe.
 */
public final class Trial {
  /** To print a version takes a second. */
  private static final long LIMIT_MILLIS = 60_000;

  /** What fails is tried again then: what it needs beside its file may have been mended. */
  static final Duration FAILURE_COUNTS = Duration.ofMinutes(10);

  /** 128 and SIGKILL, by which the system ends what it has no memory for. */
  private static final int KILLED = 137;

  /** What Erlang and the system say when the machine, and not the program, is in trouble. */
  private static final Pattern TROUBLE =
      Pattern.compile(
          "(?i)\\b(?:cannot allocate|no space left on device|resource temporarily unavailable"
              + "|too many open files|input/output error|failed to create \\S{0,20} ?thread"
              + "|enospc|enomem|emfile|enfile|eagain|eio)\\b");

  private final Sandbox sandbox;
  private final BuildLimits limits;
  private final Path folder;
  private final Clock clock;
  private final ConcurrentHashMap<Subject, Known> known = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<Subject, CompletableFuture<Run>> running =
      new ConcurrentHashMap<>();

  /**
   * Tries in {@code sandbox}, within {@code limits}, in folders of its own below {@code folder}.
   */
  public Trial(Sandbox sandbox, BuildLimits limits, Path folder, Clock clock) {
    this.sandbox = sandbox;
    this.limits =
        limits.with(
            Map.of(
                Limit.TIME, Math.min(LIMIT_MILLIS, limits.amount(Limit.TIME)),
                Limit.SILENCE, Math.min(LIMIT_MILLIS, limits.amount(Limit.SILENCE))));
    this.folder = folder;
    this.clock = clock;
  }

  private record Subject(Task task, OtpInstallation otp, Path file, State state) {}

  /** Another state is another program. */
  private record State(FileTime changed, long sizeBytes, Optional<Object> identity) {}

  private record Known(Optional<String> printed, Instant when) {}

  /**
   * What {@code task} prints on {@code otp} when it ends well; nothing when it does not.
   *
   * @param file a file of the program that is tried: a change of it is a change of the program
   * @throws IOException when it cannot be told
   */
  Optional<String> printed(OtpInstallation otp, Path file, Task task)
      throws IOException, InterruptedException {
    Optional<State> state = state(file);
    if (state.isEmpty()) {
      return Optional.empty();
    }
    Subject subject = new Subject(task, otp, file, state.get());
    return switch (outcome(subject)) {
      case Ended(Optional<String> printed) -> printed;
      case Stopped(String why) ->
          throw new IOException(
              "Whether %s runs on OTP %s cannot be told now: %s"
                  .formatted(file, otp.version(), why));
      case Interrupted() -> throw new InterruptedException();
    };
  }

  /** Of an earlier trial, of one that is being made, or of a new one. */
  private Run outcome(Subject subject) throws InterruptedException {
    while (true) {
      CompletableFuture<Run> own = new CompletableFuture<>();
      CompletableFuture<Run> other = running.putIfAbsent(subject, own);
      if (other == null) {
        return lead(subject, own);
      }
      Run run = awaited(other);
      if (!(run instanceof Interrupted)) {
        return run;
      }
      // Whoever made it was interrupted, which is nothing to those who waited for it.
    }
  }

  private static Run awaited(CompletableFuture<Run> other) throws InterruptedException {
    try {
      return other.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a trial is always told of", e);
    }
  }

  /** Makes the trial for all who ask meanwhile, unless one was made before. */
  private Run lead(Subject subject, CompletableFuture<Run> told) {
    Run run = new Stopped("an error of the server's");
    try {
      run = before(subject).orElseGet(() -> tried(subject));
      return run;
    } finally {
      running.remove(subject, told);
      told.complete(run);
    }
  }

  private Optional<Run> before(Subject subject) {
    return Optional.ofNullable(known.get(subject))
        .filter(known ->
            known.printed().isPresent()
                || clock.instant().isBefore(known.when().plus(FAILURE_COUNTS)))
        .map(known -> new Ended(known.printed()));
  }

  private Run tried(Subject subject) {
    try {
      Run run = run(subject.otp(), subject.task());
      if (run instanceof Ended(Optional<String> printed)) {
        known.put(subject, new Known(printed, clock.instant()));
      }
      return run;
    } catch (InterruptedException e) {
      return new Interrupted();
    } catch (IOException e) {
      return new Stopped(Objects.requireNonNullElse(e.getMessage(), e.toString()));
    }
  }

  private sealed interface Run {}

  /** By itself; with what it printed if it ended well. */
  private record Ended(Optional<String> printed) implements Run {}

  /** By something that says nothing of the program. */
  private record Stopped(String why) implements Run {}

  /** Whoever made the trial was interrupted. */
  private record Interrupted() implements Run {}

  private static Optional<State> state(Path file) throws IOException {
    try {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      return Optional.of(
          new State(now.lastModifiedTime(), now.size(), Optional.ofNullable(now.fileKey())));
    } catch (NoSuchFileException | AccessDeniedException e) {
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
          case CommandResult.NotStarted(String reason) -> new Stopped(reason);
          case CommandResult.OverLimit(Limit limit, long ignored) ->
              new Stopped("it was stopped at the limit of " + limit.key());
          case CommandResult.Exited(int status) ->
              ended(status, output.toString(StandardCharsets.UTF_8).strip());
        };
      }
    }
  }

  private static Run ended(int status, String printed) {
    if (status == 0) {
      return new Ended(Optional.of(printed));
    }
    if (status == KILLED) {
      return new Stopped("it was killed");
    }
    Matcher trouble = TROUBLE.matcher(printed);
    return trouble.find() ? new Stopped(trouble.group()) : new Ended(Optional.empty());
  }
}
