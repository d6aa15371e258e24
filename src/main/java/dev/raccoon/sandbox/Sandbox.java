package dev.raccoon.sandbox;

import dev.raccoon.process.Subprocess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Runs commands under bubblewrap: name spaces of their own (users, processes, mounts, network, IPC,
 * host name), no network at all, {@code /usr} and what a command names to read, one work tree to
 * write. When a command ends, however it ends, every process that it started is gone: they live in
 * one process name space, whose first process dies with this server.
 *
 * <p>Thread-safe. Every sandbox is started from one permanent platform thread, because {@code
 * --die-with-parent} follows the thread that started it: one started from a pooled or virtual
 * thread dies when that thread ends.
 */
public final class Sandbox implements AutoCloseable {
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
          "--new-session",
          "--hostname",
          "raccoon",
          "--uid",
          "1000",
          "--gid",
          "1000",
          "--clearenv");

  private static final List<String> SYSTEM =
      List.of(
          "--ro-bind",
          "/usr",
          "/usr",
          "--symlink",
          "usr/bin",
          "/bin",
          "--symlink",
          "usr/sbin",
          "/sbin",
          "--symlink",
          "usr/lib",
          "/lib",
          "--symlink",
          "usr/lib64",
          "/lib64",
          "--proc",
          "/proc",
          "--dev",
          "/dev",
          "--tmpfs",
          "/tmp",
          "--dir",
          HomeFolder.PATH);

  private final Path etc;
  private final ExecutorService launcher =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("sandbox-launcher").daemon(true).factory());

  /** A sandbox whose {@code /etc} is made in {@code folder}. */
  public Sandbox(Path folder) throws IOException {
    this.etc = EtcFolder.make(folder.resolve("etc"));
  }

  /**
   * Runs {@code command} to its end and copies what it prints to either stream to {@code log}, as
   * it comes. An interrupt kills it, with everything that it started.
   *
   * @throws IOException when {@code log} cannot be written; the command is killed then
   */
  public CommandResult run(SandboxCommand command, OutputStream log)
      throws IOException, InterruptedException {
    Process process;
    try {
      process = start(arguments(command));
    } catch (IOException e) {
      return new CommandResult.NotStarted("bwrap cannot be started: is bubblewrap installed?");
    }
    return switch (Subprocess.await(process, command.timeout(), log)) {
      case Subprocess.End.Exited(int status) -> new CommandResult.Exited(status);
      case Subprocess.End.TimedOut(Duration after) -> new CommandResult.TimedOut(after);
    };
  }

  /** Tries the sandbox; empty when it works, else why it does not and what to do. */
  public Optional<String> trouble() {
    try {
      Path tree = Files.createTempDirectory(etc.getParent(), "probe");
      var seen = new ByteArrayOutputStream();
      var probe =
          new SandboxCommand(
              List.of("true"),
              tree,
              Path.of("/build/probe"),
              List.of(),
              Map.of("PATH", "/usr/bin"),
              Duration.ofSeconds(10));
      CommandResult result = run(probe, seen);
      Files.delete(tree);
      return result.equals(new CommandResult.Exited(0))
          ? Optional.empty()
          : Optional.of(explain(result, seen.toString(StandardCharsets.UTF_8).strip()));
    } catch (IOException e) {
      return Optional.of("The sandbox cannot be tried: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of("The sandbox could not be tried: interrupted.");
    }
  }

  private static String explain(CommandResult result, String output) {
    return switch (result) {
      case CommandResult.NotStarted(String reason) -> reason;
      case CommandResult.TimedOut(Duration after) ->
          "An empty sandbox took longer than " + after.toSeconds() + " s.";
      case CommandResult.Exited(int status) ->
          "bwrap ended with "
              + status
              + " ("
              + output
              + "). Unprivileged user name spaces must be allowed: see docs/operations.md.";
    };
  }

  private Process start(List<String> arguments) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(arguments).redirectErrorStream(true);
    // Nothing of the server's environment is needed to start bwrap but the path, so nothing can
    // leak.
    builder.environment().keySet().removeIf(name -> !name.equals("PATH"));
    builder.directory(Path.of("/").toFile());
    try {
      return launcher.submit(builder::start).get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
    }
  }

  private List<String> arguments(SandboxCommand command) {
    List<String> all = new ArrayList<>();
    all.add("bwrap");
    all.addAll(NAME_SPACES);
    all.addAll(SYSTEM);
    all.addAll(List.of("--ro-bind", etc.toString(), "/etc"));
    all.addAll(List.of("--ro-bind-try", "/etc/alternatives", "/etc/alternatives"));
    for (Path folder : command.readable()) {
      all.addAll(List.of("--ro-bind", folder.toString(), folder.toString()));
    }
    all.addAll(List.of("--bind", command.workTree().toString(), command.mountPoint().toString()));
    all.addAll(List.of("--chdir", command.mountPoint().toString(), "--remount-ro", "/"));
    all.addAll(List.of("--setenv", "HOME", HomeFolder.PATH));
    command.environment().forEach((name, value) -> all.addAll(List.of("--setenv", name, value)));
    all.add("--");
    all.addAll(command.arguments());
    return all;
  }

  @Override
  public void close() {
    launcher.shutdownNow();
  }
}
