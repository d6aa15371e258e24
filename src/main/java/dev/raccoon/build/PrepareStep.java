package dev.raccoon.build;

import dev.raccoon.egress.EgressDoor;
import dev.raccoon.sandbox.Workspace;
import dev.raccoon.value.Limit;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * Fetches what a build needs beside its own tree, in the sandbox: the only step with a way out. It
 * runs the package's own code already, such as plugins and {@code rebar.config.script}.
 */
public final class PrepareStep {
  private static final int MOST_TRIES = 3;
  private static final Duration SHORT = Duration.ofMinutes(2);

  private final WayOut wayOut;

  /** Fetches through a door of {@code wayOut} for each build. */
  public PrepareStep(WayOut wayOut) {
    this.wayOut = wayOut;
  }

  /** Fetches what {@code plan} has to fetch, in {@code workspace}. */
  Step<BuildPlan> prepare(BuildPlan plan, Workspace workspace, BuildLog log)
      throws IOException, InterruptedException {
    if (plan.recipe().prepare().isEmpty()) {
      return new Step.Done<>(plan);
    }
    long startNanos = System.nanoTime();
    try (EgressDoor door = wayOut.open(plan.build())) {
      TaskRun run =
          TaskRun.of(plan, plan.recipe().prepare(), workspace, Optional.of(door.socket()), log);
      Trouble trouble = Trouble.of(door);
      if (run instanceof TaskRun.Failed
          && door.blocked().isEmpty()
          && door.isTroubleTemporary()
          && mayTryAgain(plan, startNanos)) {
        throw new InfrastructureException(
            "A dependency could not be had: "
                + trouble.cause().orElse("its host did not answer just now."));
      }
      if (trouble.note().isPresent()) {
        log.say(trouble.note().get());
      }
      return switch (run) {
        case TaskRun.Done() -> new Step.Done<>(plan);
        case TaskRun.OverLimit(Limit limit, long amount) ->
            TaskFailure.circle(log)
                .orElseGet(() -> OverLimit.failed(limit, amount, "fetching its dependencies"));
        case TaskRun.Failed(int status) -> TaskFailure.fetching(plan, status, log, trouble);
      };
    }
  }

  /**
   * A build can make such trouble itself: it gets no more of this server's time by it than a few
   * short tries.
   */
  private static boolean mayTryAgain(BuildPlan plan, long startNanos) {
    return plan.build().attempt() < MOST_TRIES && System.nanoTime() - startNanos < SHORT.toNanos();
  }
}
