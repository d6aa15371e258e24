package dev.raccoon.build;

import dev.raccoon.catalog.FailureKind;
import dev.raccoon.sandbox.CommandResult;
import dev.raccoon.sandbox.Sandbox;
import dev.raccoon.sandbox.SandboxCommand;
import dev.raccoon.sandbox.WorkFolder;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Compiles a work tree with rebar3, in the sandbox and without a network. */
public final class CompileStep {
  /** How much of a log's end is read for the line that says why a build failed. */
  private static final int LAST_WORDS_BYTES = 256 * 1024;

  /** 128 and SIGKILL: what the kernel does when it has no more memory. */
  private static final int KILLED = 137;

  private final Sandbox sandbox;
  private final List<Path> searchPath;
  private final Duration timeout;

  /**
   * Compiles in {@code sandbox} for at most {@code timeout}, with the rebar3 of {@code searchPath}.
   */
  public CompileStep(Sandbox sandbox, List<Path> searchPath, Duration timeout) {
    this.sandbox = sandbox;
    this.searchPath = searchPath;
    this.timeout = timeout;
  }

  /** Compiles what {@code plan} has checked out. */
  Step<BuildPlan> compile(BuildPlan plan, BuildLog log) throws IOException, InterruptedException {
    Optional<Path> rebar3 = rebar3();
    if (rebar3.isEmpty()) {
      return new Step.Failed<>(
          FailureKind.TOOLCHAIN, "This server has no rebar3: its operator must install it.");
    }
    log.say("rebar3 compile, with OTP " + plan.otp().version());
    SandboxCommand command = command(plan, rebar3.get(), "compile", plan.tree(), plan.mountPoint());
    return switch (sandbox.run(command, log)) {
      case CommandResult.NotStarted(String reason) -> throw new InfrastructureException(reason);
      case CommandResult.TimedOut(Duration after) ->
          new Step.Failed<>(
              FailureKind.LIMIT,
              "Stopped at its time limit of " + Durations.say(after) + ", while compiling.");
      case CommandResult.Exited(int status) when status == 0 -> new Step.Done<>(plan);
      case CommandResult.Exited(int status) when status == KILLED ->
          new Step.Failed<>(
              FailureKind.LIMIT,
              "Something killed it while it compiled: the machine for want of memory, or the package itself.");
      case CommandResult.Exited(int status) ->
          failure(plan, rebar3.get(), log.end(LAST_WORDS_BYTES), status);
    };
  }

  /** Of the package, unless that rebar3 does not run on that OTP at all. */
  private Step<BuildPlan> failure(BuildPlan plan, Path rebar3, String printed, int status)
      throws IOException, InterruptedException {
    if (!CompileFailure.isOfRebar3(printed) && !runs(plan, rebar3)) {
      return new Step.Failed<>(
          FailureKind.TOOLCHAIN,
          "This server's rebar3 does not run on OTP "
              + plan.otp().version()
              + ": its operator must install one that does.");
    }
    return CompileFailure.read(plan.otp().version(), printed, status);
  }

  /** Tried where no package is. */
  private boolean runs(BuildPlan plan, Path rebar3) throws IOException, InterruptedException {
    try (WorkFolder empty = WorkFolder.make(plan.tree().resolveSibling("empty"))) {
      SandboxCommand command =
          command(plan, rebar3, "version", empty.path(), Path.of("/build/empty"));
      return switch (sandbox.run(command, OutputStream.nullOutputStream())) {
        case CommandResult.NotStarted(String reason) -> throw new InfrastructureException(reason);
        case CommandResult.TimedOut(Duration ignored) -> true;
        case CommandResult.Exited(int status) -> status == 0;
      };
    }
  }

  /** The program itself, since the sandbox sees it at its real place only. */
  public Optional<Path> rebar3() {
    return searchPath.stream()
        .map(folder -> folder.resolve("rebar3"))
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .findFirst()
        .map(CompileStep::real);
  }

  private static Path real(Path file) {
    try {
      return file.toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private SandboxCommand command(
      BuildPlan plan, Path rebar3, String task, Path tree, Path mountPoint) {
    List<Path> readable = new ArrayList<>();
    readable.addAll(plan.otp().libraryFolders());
    if (!plan.otp().root().startsWith("/usr")) {
      readable.add(plan.otp().root());
    }
    if (!rebar3.startsWith("/usr")) {
      readable.add(rebar3);
    }
    return new SandboxCommand(
        List.of("escript", rebar3.toString(), task),
        tree,
        mountPoint,
        readable,
        Map.of(
            "PATH", plan.otp().bin() + ":/usr/local/bin:/usr/bin:/bin",
            "LANG", "C.UTF-8",
            "TERM", "dumb",
            "REBAR_OFFLINE", "1",
            "REBAR_CACHE_DIR", "/tmp/rebar3",
            "ERL_COMPILER_OPTIONS", "deterministic"),
        timeout);
  }
}
