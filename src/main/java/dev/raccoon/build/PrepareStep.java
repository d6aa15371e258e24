package dev.raccoon.build;

import dev.raccoon.catalog.FailureKind;
import dev.raccoon.egress.EgressDoor;
import dev.raccoon.sandbox.CommandResult;
import dev.raccoon.sandbox.Workspace;
import dev.raccoon.value.Limit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Fetches what a build needs beside its own tree, in the sandbox: the only step with a way out. It
 * runs the package's own code already, in plugins and in {@code rebar.config.script}.
 */
public final class PrepareStep {
  private final Rebar3 rebar3;
  private final WayOut wayOut;

  /** Fetches with {@code rebar3} through a door of {@code wayOut} for each build. */
  public PrepareStep(Rebar3 rebar3, WayOut wayOut) {
    this.rebar3 = rebar3;
    this.wayOut = wayOut;
  }

  /** Fetches the dependencies of what {@code plan} has checked out, in {@code workspace}. */
  Step<BuildPlan> prepare(BuildPlan plan, Workspace workspace, BuildLog log)
      throws IOException, InterruptedException {
    if (!plan.config().fetches()) {
      return new Step.Done<>(plan);
    }
    Optional<Path> program = rebar3.program();
    if (program.isEmpty()) {
      return new Step.Failed<>(
          FailureKind.TOOLCHAIN, "This server has no rebar3: its operator must install it.");
    }
    log.say("rebar3 get-deps, with OTP " + plan.otp().version());
    try (EgressDoor door = wayOut.open(plan.build())) {
      CommandResult result =
          workspace.run(rebar3.online(plan, program.get(), "get-deps", door.socket()), log);
      Trouble trouble = Trouble.of(door);
      boolean failed = result instanceof CommandResult.Exited(int status) && status != 0;
      if (failed && door.blocked().isEmpty() && door.isTroubleTemporary()) {
        throw new InfrastructureException(
            "A dependency could not be had: "
                + trouble.cause().orElse("its host did not answer just now."));
      }
      if (trouble.note().isPresent()) {
        log.say(trouble.note().get());
      }
      return step(plan, program.get(), result, trouble, log);
    }
  }

  private Step<BuildPlan> step(
      BuildPlan plan, Path program, CommandResult result, Trouble trouble, BuildLog log)
      throws IOException, InterruptedException {
    return switch (result) {
      case CommandResult.NotStarted(String reason) -> throw new InfrastructureException(reason);
      case CommandResult.OverLimit(Limit limit, long amount) ->
          OverLimit.failed(limit, amount, "fetching its dependencies");
      case CommandResult.Exited(int status) when status == 0 -> new Step.Done<>(plan);
      case CommandResult.Exited(int status) ->
          rebar3.failure(
              plan,
              program,
              status,
              log,
              printed -> CompileFailure.fetching(plan.otp().version(), printed, status, trouble));
    };
  }
}
