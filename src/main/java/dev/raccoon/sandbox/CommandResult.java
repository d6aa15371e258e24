package dev.raccoon.sandbox;

import dev.raccoon.value.Limit;

/** How a command in the sandbox ended. */
public sealed interface CommandResult {
  /** By itself, with {@code status}; 128 and the signal's number where a signal ended it. */
  record Exited(int status) implements CommandResult {}

  /**
   * It was killed with all that it had started, or ended itself, at its limit of {@code amount}.
   */
  record OverLimit(Limit limit, long amount) implements CommandResult {}

  /** The sandbox could not be made: our fault. */
  record NotStarted(String reason) implements CommandResult {}
}
