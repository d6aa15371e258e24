package dev.raccoon.cli;

import dev.raccoon.access.Actor;
import dev.raccoon.config.SettingsException;
import dev.raccoon.db.Database;
import dev.raccoon.db.DatabaseException;
import dev.raccoon.value.InvalidValueException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;

/**
 * {@code bin/raccoon}: tokens, namespaces, limits, Erlang/OTP, nodes, the queue, what is kept,
 * backups, and the audit log from the server's machine.
 */
@Command(
    name = "raccoon",
    description = "Administers the Raccoon server of this machine, whether it runs or not.",
    synopsisSubcommandLabel = "COMMAND")
public final class CommandLineTool {
  private static final int FAILED = 1;
  private static final int MISUSED = 2;

  private CommandLineTool() {}

  /**
   * Runs one command.
   *
   * @param user who calls it, for the audit log
   * @param out for what was asked for: the only place where a secret is shown
   * @param errors for sentences
   * @return 0; 1 when it could not be done; 2 when it was not called as it must be
   */
  public static int run(
      String[] arguments, Records records, String user, PrintWriter out, PrintWriter errors) {
    Session session = new Session(records, Actor.commandLine(user), out, errors);
    CommandLine line =
        new CommandLine(new CommandLineTool())
            .addSubcommand("token", new TokenCommands(session))
            .addSubcommand("namespace", new NamespaceCommands(session))
            .addSubcommand("limits", new LimitCommands(session))
            .addSubcommand("otp", new OtpCommands(session))
            .addSubcommand("node", new NodeCommands(session))
            .addSubcommand("queue", new QueueCommands(session))
            .addSubcommand("rebuild", new RebuildCommands(session))
            .addSubcommand("store", new StoreCommands(session))
            .addSubcommand("retention", new RetentionCommand(session))
            .addSubcommand("backup", new BackupCommand(session))
            .addSubcommand("restore", new RestoreCommand(session))
            .addSubcommand("audit", new AuditCommand(session));
    line.setOut(out).setErr(errors);
    line.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
    line.setParameterExceptionHandler((wrong, given) -> misused(wrong, errors));
    line.setExecutionExceptionHandler((e, command, given) -> failed(e, errors));
    int status = arguments.length == 0 ? usage(line, errors) : line.execute(arguments);
    out.flush();
    errors.flush();
    return status;
  }

  private static int usage(CommandLine line, PrintWriter errors) {
    line.usage(errors);
    return MISUSED;
  }

  private static int misused(ParameterException wrong, PrintWriter errors) {
    String command = wrong.getCommandLine().getCommandSpec().qualifiedName();
    errors.println("raccoon: " + oneLine(wrong));
    errors.println("See: " + command + " --help");
    return MISUSED;
  }

  private static int failed(Exception e, PrintWriter errors) throws Exception {
    switch (e) {
      case InvalidValueException invalid -> {
        errors.println("raccoon: " + oneLine(invalid));
        return MISUSED;
      }
      case NotThereException missing -> errors.println("raccoon: " + oneLine(missing));
      case SettingsException settings -> errors.println("raccoon: " + oneLine(settings));
      case DatabaseException database -> errors.println("raccoon: " + oneLine(database));
      case UncheckedIOException store ->
          errors.println("raccoon: " + oneLine(Objects.requireNonNull(store.getCause())));
      default -> {
        if (!Database.isAway(e)) {
          throw e;
        }
        errors.println("raccoon: The database does not answer: try again in a moment.");
      }
    }
    return FAILED;
  }

  private static String oneLine(Exception e) {
    return String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
  }
}
