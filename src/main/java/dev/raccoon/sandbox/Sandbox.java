package dev.raccoon.sandbox;

import dev.raccoon.process.Subprocess;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs commands under bubblewrap: name spaces of their own (users, processes, mounts, network, IPC,
 * host name), no network at all, {@code /usr} and what a command names to read, one work tree to
 * write. When {@link #run} returns or throws, however the command ended, every process that it
 * started is gone: they live in one process name space, which ends before bwrap does, and dies with
 * this server.
 *
 * <p>Thread-safe. Closing it ends what still runs.
 */
public final class Sandbox implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(Sandbox.class);

  /** Said of a build, in public: bwrap's own words name this machine's paths. */
  private static final String NOT_STARTED =
      "The sandbox cannot be made; the server's operator finds the reason in its log.";

  /** The words with which bwrap complains that the kernel refuses. */
  private static final String NO_NAME_SPACES = "namespace";

  /**
   * Host name, user and home are constant: a build that writes them down still gives the same bytes
   * anywhere.
   */
  private static final List<String> NAME_SPACES =
      List.of(
          "--unshare-user",
          "--unshare-pid",
          "--unshare-net",
          "--unshare-ipc",
          "--unshare-uts",
          "--unshare-cgroup-try",
          "--disable-userns",
          "--cap-drop",
          "ALL",
          "--die-with-parent",
          "--as-pid-1",
          "--new-session",
          "--hostname",
          "raccoon",
          "--uid",
          "1000",
          "--gid",
          "1000",
          "--clearenv");

  private static final List<String> OWN_FOLDERS =
      List.of("--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--dir", HomeFolder.PATH);

  private final String bubblewrap;
  private final Path etc;
  private final List<String> systemFolders;
  private final Launcher launcher = new Launcher();

  /** A sandbox whose {@code /etc} is made in {@code folder}; bwrap is looked for in the PATH. */
  public Sandbox(Path folder) throws IOException {
    this(folder, "bwrap");
  }

  /** With the program {@code bubblewrap}. */
  Sandbox(Path folder, String bubblewrap) throws IOException {
    this.bubblewrap = bubblewrap;
    this.etc = EtcFolder.make(folder.toAbsolutePath().resolve("etc"));
    this.systemFolders = SystemFolders.arguments(Path.of("/"));
  }

  /**
   * Runs {@code command} to its end and copies what it prints to either stream to {@code log}, as
   * it comes. An interrupt kills it, with everything that it started.
   *
   * @throws IOException when {@code log} cannot be written; the command is killed then
   * @throws RuntimeException whatever {@code log} throws; the command is killed then
   */
  public CommandResult run(SandboxCommand command, OutputStream log)
      throws IOException, InterruptedException {
    CommandResult result = tryToRun(command, log);
    if (result instanceof CommandResult.NotStarted(String reason)) {
      logger.error("A command could not be started: {}", reason);
      return new CommandResult.NotStarted(NOT_STARTED);
    }
    return result;
  }

  private CommandResult tryToRun(SandboxCommand command, OutputStream log)
      throws IOException, InterruptedException {
    Process process;
    try {
      process = start(arguments(command));
    } catch (IOException e) {
      return new CommandResult.NotStarted(
          "The program bwrap cannot be started: install the package bubblewrap.");
    }
    FirstProcess first = new FirstProcess(log);
    return switch (Subprocess.await(process, command.timeout(), first)) {
      case Subprocess.End.Exited(int status) when first.isUp() -> new CommandResult.Exited(status);
      case Subprocess.End.Exited(int status) ->
          new CommandResult.NotStarted(
              "The sandbox cannot be made: bwrap ended with status "
                  + status
                  + " ("
                  + first.complaint()
                  + ").");
      case Subprocess.End.TimedOut(Duration after) -> new CommandResult.TimedOut(after);
    };
  }

  /**
   * Tries the sandbox; empty when it works, else why it does not and what to do, in words that may
   * name this machine's paths: for its operator alone.
   */
  public Optional<String> trouble() {
    try (WorkFolder tree = WorkFolder.make(etc.resolveSibling("probe-" + UUID.randomUUID()))) {
      CommandResult result = tryToRun(probe(tree.path()), OutputStream.nullOutputStream());
      return result.equals(new CommandResult.Exited(0))
          ? Optional.empty()
          : Optional.of(explain(result));
    } catch (IOException e) {
      return Optional.of("The sandbox cannot be tried: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of("The sandbox could not be tried: interrupted.");
    }
  }

  private static SandboxCommand probe(Path tree) {
    return new SandboxCommand(
        List.of("true"),
        tree,
        Path.of("/build/probe"),
        List.of(),
        Map.of("PATH", "/usr/bin:/bin"),
        Duration.ofSeconds(10));
  }

  private static String explain(CommandResult result) {
    return switch (result) {
      case CommandResult.NotStarted(String reason) when reason.contains(NO_NAME_SPACES) ->
          reason + " Unprivileged user name spaces must be allowed: see docs/operations.md.";
      case CommandResult.NotStarted(String reason) -> reason;
      case CommandResult.TimedOut(Duration after) ->
          "An empty sandbox took longer than " + after.toSeconds() + " s.";
      case CommandResult.Exited(int status) -> "An empty sandbox ended with status " + status + ".";
    };
  }

  private Process start(List<String> arguments) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(arguments).redirectErrorStream(true);
    // Nothing of the server's environment is needed to start bwrap but the path, so nothing can
    // leak.
    builder.environment().keySet().removeIf(name -> !name.equals("PATH"));
    builder.directory(Path.of("/").toFile());
    return launcher.start(builder);
  }

  /** The order counts: each is mounted on what those before it have made. */
  private List<String> arguments(SandboxCommand command) {
    List<String> all = new ArrayList<>(List.of(bubblewrap));
    all.addAll(NAME_SPACES);
    all.addAll(systemFolders);
    all.addAll(OWN_FOLDERS);
    all.addAll(List.of("--ro-bind", etc.toString(), "/etc"));
    for (String ofMachine : List.of("/etc/alternatives", "/etc/ld.so.cache")) {
      all.addAll(List.of("--ro-bind-try", ofMachine, ofMachine));
    }
    for (Path path : command.readable()) {
      all.addAll(List.of("--ro-bind", path.toString(), path.toString()));
    }
    all.addAll(List.of("--bind", command.workTree().toString(), command.mountPoint().toString()));
    all.addAll(List.of("--chdir", command.mountPoint().toString(), "--remount-ro", "/"));
    all.addAll(List.of("--setenv", "HOME", HomeFolder.PATH));
    command.environment().forEach((name, value) -> all.addAll(List.of("--setenv", name, value)));
    all.add("--");
    all.addAll(FirstProcess.running(command.arguments()));
    return all;
  }

  @Override
  public void close() {
    launcher.close();
  }
}
