package dev.raccoon.tool;

import java.util.Optional;
import java.util.regex.Pattern;

/** The words of a log that say why a task failed, where nobody knows its form. */
public final class LastError {
  /** What programs say around the reason, be it before or after it. */
  private static final Pattern AROUND =
      Pattern.compile(
          "g?make(?:\\[\\d++\\])?: .*|Error: the dependency \\S++ was not made ready\\."
              + "|Crash dump is being written.*|init terminating.*|escript: exception .*");

  private LastError() {}

  /**
   * The last line of the task that was begun last that speaks of an error, else its last line; in
   * words that follow a colon.
   */
  public static Optional<String> in(String printed) {
    return PrintedLines.ofLastTask(printed).without(AROUND).lastError();
  }
}
