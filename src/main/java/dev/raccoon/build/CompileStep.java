package dev.raccoon.build;

import dev.raccoon.catalog.FailureKind;
import dev.raccoon.sandbox.CommandResult;
import dev.raccoon.sandbox.Workspace;
import dev.raccoon.value.Limit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Compiles a work tree with rebar3, in the sandbox and without a network. */
public final class CompileStep {
  private final Rebar3 rebar3;

  /** Compiles with {@code rebar3}. */
  public CompileStep(Rebar3 rebar3) {
    this.rebar3 = rebar3;
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
      case CommandResult.Exited(int status) ->
          rebar3.failure(
              plan,
              program.get(),
              status,
              log,
              printed -> CompileFailure.compiling(plan.otp().version(), printed, status));
    };
  }
}
