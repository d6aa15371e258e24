package dev.raccoon;

import dev.raccoon.cli.CommandLineTool;
import dev.raccoon.config.Settings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;

/** {@code bin/raccoon} in this process, as ada. */
final class CommandLine {
  private CommandLine() {}

  /** What it left: its exit status, and both streams whole. */
  record Ended(int status, String out, String errors) {}

  static Ended raccoon(Map<String, String> settings, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter errors = new StringWriter();
    int status =
        CommandLineTool.run(
            arguments,
            new Administration(Settings.of(settings)),
            "ada",
            new PrintWriter(out),
            new PrintWriter(errors));
    return new Ended(status, out.toString(), errors.toString());
  }
}
