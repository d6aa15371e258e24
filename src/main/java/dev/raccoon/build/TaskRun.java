package dev.raccoon.build;

import dev.raccoon.sandbox.CommandResult;
import dev.raccoon.sandbox.Workspace;
import dev.raccoon.tool.Task;
import dev.raccoon.value.Limit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** How a recipe's tasks ended that ran one after the other, until one failed. */
sealed interface TaskRun {
  record Done() implements TaskRun {}

  /** One ran into a limit of {@code amount}. */
  record OverLimit(Limit limit, long amount) implements TaskRun {}

  /** One ended with {@code status}, which is not 0. */
  record Failed(int status) implements TaskRun {}

  /**
   * Runs {@code tasks} in {@code workspace}.
   *
   * @param wayOut the Unix socket of a proxy, if they have a way out
   */
  static TaskRun of(
      BuildPlan plan, List<Task> tasks, Workspace workspace, Optional<Path> wayOut, BuildLog log)
      throws IOException, InterruptedException {
    for (Task task : tasks) {
      log.say(task.title() + ", with OTP " + plan.otp().version());
      switch (workspace.run(task.on(plan.otp(), wayOut), log)) {
        case CommandResult.NotStarted(String reason) -> throw new InfrastructureException(reason);
        case CommandResult.OverLimit(Limit limit, long amount) -> {
          return new OverLimit(limit, amount);
        }
        case CommandResult.Exited(int status) when status != 0 -> {
          return new Failed(status);
        }
        case CommandResult.Exited ignored -> {}
      }
    }
    return new Done();
  }
}
