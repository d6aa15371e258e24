package dev.raccoon;

import dev.raccoon.cli.CommandLineTool;
import dev.raccoon.cli.QuietLog;
import dev.raccoon.config.Settings;
import dev.raccoon.config.SettingsException;
import dev.raccoon.db.DatabaseException;
import dev.raccoon.source.ExampleRepository;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The program: {@code serve} runs the server in the foreground until SIGTERM or Ctrl-C. */
public final class Main {
  private static final Logger log = LoggerFactory.getLogger(Main.class);
  private static final String USAGE =
      """
      usage: raccoon [serve | worker | version | token | namespace | limits | otp | node | queue | rebuild | store |
                      retention | backup | restore | audit] …
        serve      run the server in the foreground (what happens when nothing is said);
                   with --no-builds it answers, and leaves the building to others
        worker     run builds for other servers, on their database and their artifact store
        version    print the version
        token      make, list and withdraw tokens
        namespace  make namespaces private or public
        limits     give one package other limits than the server's
        node       show the machines that build; have one take no more
        queue      show what waits and runs, pause and resume it, cancel builds
        rebuild    have many versions built for an Erlang/OTP, when nobody else wants anything
        otp        show which Erlang/OTP there are, and install others
        store      check what is kept of builds, and copy it to another place
        retention  show which old builds the rules do not keep, and remove what they keep
        backup     write all that the server keeps into one file, while it runs
        restore    fill an empty server from such a file
        audit      show who did what to the server
      Each of the last twelve tells more with --help. They work whether the server runs or not.
      Settings come from the environment and from raccoon.properties: see docs/operations.md.
      """;

  private static final String INVOKED_BY = "--invoked-by=";
  private static final Set<String> ADMINISTRATION =
      Set.of(
          "token",
          "namespace",
          "limits",
          "otp",
          "node",
          "queue",
          "rebuild",
          "store",
          "retention",
          "backup",
          "restore",
          "audit");

  private Main() {}

  /** Runs a subcommand; status 2 for a wrong one, 1 when the server cannot start. */
  public static void main(String[] arguments) throws InterruptedException {
    switch (String.join(" ", arguments)) {
      case "", "serve" -> serve(Role.SERVE);
      case "serve --no-builds" -> serve(Role.ANSWER);
      case "worker" -> serve(Role.BUILD);
      case "version", "--version" -> System.out.println("raccoon " + Server.version());
      case "help", "--help", "-h" -> System.out.print(USAGE);
      default -> administer(arguments);
    }
  }

  /**
   * {@code --invoked-by=USER} before the command comes from bin/raccoon, which may become another.
   */
  private static void administer(String[] arguments) {
    boolean told = arguments[0].startsWith(INVOKED_BY);
    String user =
        told ? arguments[0].substring(INVOKED_BY.length()) : System.getProperty("user.name");
    String[] command = Arrays.copyOfRange(arguments, told ? 1 : 0, arguments.length);
    if (command.length == 0 || !ADMINISTRATION.contains(command[0])) {
      System.err.print(USAGE);
      System.exit(2);
    }
    QuietLog.toStandardError();
    Settings settings;
    try {
      settings = Settings.ofProcess();
    } catch (SettingsException e) {
      fail(e.getMessage());
      return;
    }
    System.exit(
        CommandLineTool.run(
            command,
            new Administration(settings),
            user,
            new PrintWriter(System.out, false, StandardCharsets.UTF_8),
            new PrintWriter(System.err, false, StandardCharsets.UTF_8)));
  }

  private static void serve(Role role) throws InterruptedException {
    Server server;
    try {
      server = Server.start(Settings.ofProcess(), role);
    } catch (SettingsException | DatabaseException e) {
      fail(e.getMessage());
      return;
    } catch (IOException | UncheckedIOException e) {
      log.debug("The start failed", e);
      fail("The server cannot start: " + e.getMessage() + reason(e));
      return;
    }
    CountDownLatch closed = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server, closed), "shutdown"));
    announce(server);
    var _ =
        server
            .databaseLost()
            .thenRunAsync(() -> {
              log.error("The server ends, since its database has: start it again");
              System.exit(1);
            });
    closed.await();
  }

  private static void stop(Server server, CountDownLatch closed) {
    log.info("Stopping");
    server.close();
    log.info("Stopped");
    closed.countDown();
  }

  private static void announce(Server server) {
    long millis = ManagementFactory.getRuntimeMXBean().getUptime();
    server
        .installations()
        .rejected()
        .forEach(entry -> log.warn("No Erlang/OTP at {}: {}", entry.path(), entry.reason()));
    server
        .memoryShortage()
        .ifPresent(shortage -> log.warn("Hostile packages could use up memory: {}", shortage));
    server.sandboxTrouble().ifPresent(why -> log.error("Nothing can be built here: {}", why));
    String found =
        server.installations().all().stream()
            .map(otp -> otp.version().text())
            .collect(Collectors.joining(", "));
    System.out.printf(
        """

        Raccoon %s is ready, %d ms after its start.
          Address         %s
          Data directory  %s
          Erlang/OTP      %s
          Sandbox         %s
        """,
        Server.version(),
        millis,
        server.url().orElse("none: it builds for others"),
        server.dataDirectory(),
        found.isEmpty() ? "none found: install it, or set RACCOON_OTP_DIRS" : found,
        server.sandboxDescription());
    server
        .url()
        .ifPresent(url ->
            System.out.printf(
                """
                Build the example package, then look for it:
                  curl -sS %s/buildSync -H 'Content-Type: application/json' -d '{"full_name": "raccoon/hello", "clone_url": "%s"}'
                  curl -sS '%s/search?name=hello'
                """,
                url, ExampleRepository.URL, url));
    System.out.println();
    System.out.flush();
  }

  private static void fail(@org.jspecify.annotations.Nullable String sentence) {
    System.err.println("raccoon: " + sentence);
    System.exit(1);
  }

  private static String reason(Exception e) {
    return e.getCause() == null ? "" : " (" + e.getCause().getMessage() + ")";
  }
}
