package dev.raccoon.build;

import dev.raccoon.sandbox.Workspace;
import dev.raccoon.value.Limit;
import java.io.IOException;
import java.util.Optional;

/** Compiles a work tree, in the sandbox and without a network. */
final class CompileStep {
  private CompileStep() {}

  /** Compiles what {@code plan} has checked out, in {@code workspace}. */
  static Step<BuildPlan> compile(BuildPlan plan, Workspace workspace, BuildLog log)
      throws IOException, InterruptedException {
    return switch (TaskRun.of(plan, plan.recipe().compile(), workspace, Optional.empty(), log)) {
      case TaskRun.Done() -> new Step.Done<>(plan);
      case TaskRun.OverLimit(Limit limit, long amount) ->
          OverLimit.failed(limit, amount, "compiling");
      case TaskRun.Failed(int status) -> TaskFailure.compiling(plan, status, log);
    };
  }
}
