package dev.raccoon.cli;

import dev.raccoon.admin.AdminRows;
import dev.raccoon.otp.OtpInstall;
import dev.raccoon.value.OtpVersion;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code raccoon otp …}. */
@Command(
    name = "otp",
    description = "Shows which Erlang/OTP this server has, and installs others with kerl.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
final class OtpCommands {
  private static final int MOST = 1_000;

  private final Session session;

  OtpCommands(Session session) {
    this.session = session;
  }

  @Command(
      name = "list",
      description = "Shows each Erlang/OTP, and the newest rebar3 and Elixir that run on it.",
      mixinStandardHelpOptions = true)
  int list(@Option(names = "--json", description = "Print a JSON list.") boolean json) {
    session.with(records -> {
      List<Map<String, @Nullable Object>> rows =
          records.otp().nodes().of(session.records().node()).stream().map(AdminRows::otp).toList();
      session.list(rows, MOST, json, List.of("version", "rebar3", "elixir", "root"));
    });
    return 0;
  }

  @Command(
      name = "install",
      description = "Has the server install a version with kerl, and shows what is printed.",
      mixinStandardHelpOptions = true)
  int install(
      @Parameters(paramLabel = "VERSION", description = "An exact one, such as 27.1.")
          String version) {
    OtpVersion wanted = new OtpVersion(version);
    UUID node =
        session
            .records()
            .node()
            .orElseThrow(() ->
                new NotThereException(
                    "No server has ever used this data directory: start it first."));
    AtomicReference<@Nullable OtpInstall> asked = new AtomicReference<>();
    session.with(records -> asked.set(records.otp().installs().ask(node, wanted, session.actor())));
    long id = Objects.requireNonNull(asked.get()).id();
    if (!session.records().serverRuns()) {
      session
          .errors()
          .println(
              "raccoon: The server does not run: it installs OTP %s when it is started (raccoon otp log %d)."
                  .formatted(wanted, id));
      return 1;
    }
    session
        .errors()
        .println(
            "raccoon: The server installs OTP %s. It goes on without this command (raccoon otp log %d)."
                .formatted(wanted, id));
    session.errors().flush();
    return new OtpInstallWatch(session, id).untilItsEnd();
  }

  @Command(
      name = "installs",
      description = "Shows which versions the server was asked to install, newest first.",
      mixinStandardHelpOptions = true)
  int installs(@Option(names = "--json", description = "Print a JSON list.") boolean json) {
    session.with(records -> {
      List<Map<String, @Nullable Object>> rows =
          records.otp().installs().page(Long.MAX_VALUE, MOST + 1).stream()
              .map(AdminRows::install)
              .toList();
      session.list(
          rows,
          MOST,
          json,
          List.of("id", "version", "state", "asked_date", "ended_date", "reason"));
    });
    return 0;
  }

  @Command(
      name = "log",
      description = "Shows what was printed while a version was installed.",
      mixinStandardHelpOptions = true)
  int log(
      @Parameters(paramLabel = "ID", description = "As raccoon otp installs shows it.") long id,
      @Option(names = "--follow", description = "Go on until its end.") boolean follow) {
    OtpInstallWatch watch = new OtpInstallWatch(session, id);
    return follow && session.records().serverRuns() ? watch.untilItsEnd() : watch.soFar();
  }
}
