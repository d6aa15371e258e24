package dev.raccoon.sandbox;

import java.time.Duration;

/** How a command in the sandbox ended. */
public sealed interface CommandResult {
  /** By itself, with {@code status}; 128 and the signal's number where a signal ended it. */
  record Exited(int status) implements CommandResult {}

  /** It was killed, with all that it had started, after its time. */
  record TimedOut(Duration after) implements CommandResult {}

  /** The sandbox could not be made: our fault. */
  record NotStarted(String reason) implements CommandResult {}
}
