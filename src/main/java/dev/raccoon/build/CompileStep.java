package dev.raccoon.build;

import dev.raccoon.catalog.FailureKind;
import dev.raccoon.sandbox.CommandResult;
import dev.raccoon.sandbox.Sandbox;
import dev.raccoon.sandbox.Workspace;
import dev.raccoon.value.BuildLimits;
import dev.raccoon.value.Limit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Compiles a work tree with rebar3, in the sandbox and without a network. */
public final class CompileStep {
  /** How much of a log's end is read for the line that says why a build failed. */
  static final int LAST_WORDS_BYTES = 256 * 1024;

  /** 128 and SIGKILL. */
  private static final int KILLED = 137;

  private final Rebar3 rebar3;
  private final Sandbox sandbox;
  private final BuildLimits trial;

  /** Compiles with {@code rebar3}; a trial of that itself may have {@code trial}. */
  public CompileStep(Rebar3 rebar3, Sandbox sandbox, BuildLimits trial) {
    this.rebar3 = rebar3;
    this.sandbox = sandbox;
    this.trial = trial;
  }

  /** Compiles what {@code plan} has checked out, in {@code workspace}. */
  Step<BuildPlan> compile(BuildPlan plan, Workspace workspace, BuildLog log)
      throws IOException, InterruptedException {
    Optional<Path> program = rebar3.program();
    if (program.isEmpty()) {
      return new Step.Failed<>(
          FailureKind.TOOLCHAIN, "This server has no rebar3: its operator must install it.");
    }
    log.say("rebar3 compile, with OTP " + plan.otp().version());
    return switch (workspace.run(rebar3.offline(plan, program.get(), "compile"), log)) {
      case CommandResult.NotStarted(String reason) -> throw new InfrastructureException(reason);
      case CommandResult.OverLimit(Limit limit, long amount) ->
          OverLimit.failed(limit, amount, "compiling");
      case CommandResult.Exited(int status) when status == 0 -> new Step.Done<>(plan);
      case CommandResult.Exited(int status) when status == KILLED ->
          new Step.Failed<>(
              FailureKind.COMPILE,
              "Something killed it while it compiled: the package itself, or the machine for want of memory.");
      case CommandResult.Exited(int status) ->
          failure(plan, program.get(), log.end(LAST_WORDS_BYTES), status);
    };
  }

  /** Of the package, unless that rebar3 does not run on that OTP at all. */
  private Step<BuildPlan> failure(BuildPlan plan, Path program, String printed, int status)
      throws IOException, InterruptedException {
    if (!CompileFailure.isOfRebar3(printed) && !rebar3.runs(plan, program, sandbox, trial)) {
      return new Step.Failed<>(
          FailureKind.TOOLCHAIN,
          "This server's rebar3 does not run on OTP "
              + plan.otp().version()
              + ": its operator must install one that does.");
    }
    return CompileFailure.compiling(plan.otp().version(), printed, status);
  }
}
