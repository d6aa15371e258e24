package dev.raccoon.build;

import dev.raccoon.catalog.FailureKind;
import dev.raccoon.sandbox.CommandResult;
import dev.raccoon.sandbox.Sandbox;
import dev.raccoon.sandbox.SandboxCommand;
import dev.raccoon.sandbox.WorkFolder;
import dev.raccoon.sandbox.Workplace;
import dev.raccoon.sandbox.Workspace;
import dev.raccoon.value.BuildLimits;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The build tool rebar3, run in a sandbox on the OTP that a build is for. */
public final class Rebar3 {
  /** 128 and SIGKILL. */
  private static final int KILLED = 137;

  /** How much of a log's end is read for the line that says why a build failed. */
  private static final int LAST_WORDS_BYTES = 256 * 1024;

  private final List<Path> searchPath;
  private final Sandbox sandbox;
  private final BuildLimits trial;

  /**
   * The rebar3 of the first folder of {@code searchPath} that has one.
   *
   * @param sandbox where it is tried whether it runs at all, within {@code trial}
   */
  public Rebar3(List<Path> searchPath, Sandbox sandbox, BuildLimits trial) {
    this.searchPath = searchPath;
    this.sandbox = sandbox;
    this.trial = trial;
  }

  /** The program itself, since the sandbox sees it at its real place only. */
  public Optional<Path> program() {
    return searchPath.stream()
        .map(folder -> folder.resolve("rebar3"))
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .findFirst()
        .map(Rebar3::real);
  }

  private static Path real(Path file) {
    try {
      return file.toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The command {@code rebar3 TASK} without a network. */
  SandboxCommand offline(BuildPlan plan, Path program, String task) {
    return command(plan, program, task, Optional.empty());
  }

  /** The same with a way out: the Unix socket of a proxy. */
  SandboxCommand online(BuildPlan plan, Path program, String task, Path wayOut) {
    return command(plan, program, task, Optional.of(wayOut));
  }

  private static SandboxCommand command(
      BuildPlan plan, Path program, String task, Optional<Path> wayOut) {
    List<Path> readable = new ArrayList<>(plan.otp().libraryFolders());
    if (!plan.otp().root().startsWith("/usr")) {
      readable.add(plan.otp().root());
    }
    if (!program.startsWith("/usr")) {
      readable.add(program);
    }
    Map<String, String> environment = new HashMap<>();
    environment.put("PATH", plan.otp().bin() + ":/usr/local/bin:/usr/bin:/bin");
    environment.put("LANG", "C.UTF-8");
    environment.put("TERM", "dumb");
    environment.put("GIT_TERMINAL_PROMPT", "0");
    environment.put("REBAR_CACHE_DIR", Workspace.CACHE.toString());
    environment.put("ERL_COMPILER_OPTIONS", "deterministic");
    if (wayOut.isEmpty()) {
      environment.put("REBAR_OFFLINE", "1");
    }
    return new SandboxCommand(
        List.of("escript", program.toString(), task), readable, environment, wayOut);
  }

  /** Reads why a command of the package's failed, in the end of what it printed. */
  interface Reading {
    Step.Failed<BuildPlan> of(String printed);
  }

  /** Why a command failed: the package, as {@code reading} has it, or this rebar3 on that OTP. */
  Step.Failed<BuildPlan> failure(
      BuildPlan plan, Path program, int status, BuildLog log, Reading reading)
      throws IOException, InterruptedException {
    String printed = log.end(LAST_WORDS_BYTES);
    if (status == KILLED) {
      return new Step.Failed<>(
          FailureKind.COMPILE,
          "Something killed rebar3: the package itself, or the machine for want of memory.");
    }
    if (!CompileFailure.isOfRebar3(printed) && !runs(plan, program)) {
      return new Step.Failed<>(
          FailureKind.TOOLCHAIN,
          "This server's rebar3 does not run on OTP "
              + plan.otp().version()
              + ": its operator must install one that does.");
    }
    return reading.of(printed);
  }

  /** Whether it runs on the plan's OTP at all: tried where no package is. */
  private boolean runs(BuildPlan plan, Path program) throws IOException, InterruptedException {
    try (WorkFolder folder = WorkFolder.make(plan.tree().resolveSibling("empty"))) {
      Path tree = Files.createDirectory(folder.path().resolve("tree"));
      Workplace place = new Workplace(folder.path(), tree, Path.of("/build/empty"));
      try (Workspace workspace = sandbox.open(place, trial)) {
        return switch (workspace.run(
            offline(plan, program, "version"), OutputStream.nullOutputStream())) {
          case CommandResult.NotStarted(String reason) -> throw new InfrastructureException(reason);
          case CommandResult.OverLimit ignored -> true;
          case CommandResult.Exited(int status) -> status == 0;
        };
      }
    }
  }
}
