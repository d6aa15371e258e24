package dev.raccoon.sandbox;

import dev.raccoon.process.User;
import dev.raccoon.value.BuildLimits;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs strangers' commands under bubblewrap, within limits. Each build gets a {@link Workspace} of
 * its own: nothing that it writes is seen by another, and when it is closed nothing is left of it.
 *
 * <p>Thread-safe. Closing it ends what still runs.
 */
public final class Sandbox implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(Sandbox.class);

  /** Said of a build, in public. */
  private static final String NOT_STARTED =
      "The sandbox cannot be made; the server's operator finds the reason in its log.";

  /** The words with which bubblewrap and unshare complain that the kernel refuses. */
  private static final List<String> NO_NAME_SPACES = List.of("namespace", "unshare failed");

  private static final String NOT_INSTALLED = "failed to execute";

  /** The kernel exempts root from the limit of processes, in a name space of its own as well. */
  private static final String ROOT =
      "The server runs as root, and nothing is built so: start it by bin/run, or as another user.";

  private final Means means;
  private final ControlGroups groups;
  private final BuildLimits limits;
  private final boolean without;
  private final Optional<String> unsupported;

  /**
   * What all workspaces share.
   *
   * @param etc what commands see as {@code /etc}
   * @param filter the file of the system calls' filter
   */
  record Means(Launcher launcher, Bubblewrap bubblewrap, Path etc, Path filter) {}

  /** How commands are kept apart from the server. */
  public enum Mode {
    /** By bubblewrap. */
    BUBBLEWRAP,
    /** Not at all: they run as the server's own user. For who trusts all that is built. */
    NONE
  }

  /**
   * A sandbox whose own files are made in {@code folder}; bwrap is looked for in the PATH.
   *
   * @param groups control groups for its workspaces; whoever made them closes them
   * @param limits what a trial of it may have
   */
  public Sandbox(Path folder, Mode mode, ControlGroups groups, BuildLimits limits)
      throws IOException {
    this(folder, mode, groups, limits, Surroundings.NONE);
  }

  /** The same with {@code surroundings}, which commands see that are kept apart. */
  public Sandbox(
      Path folder, Mode mode, ControlGroups groups, BuildLimits limits, Surroundings surroundings)
      throws IOException {
    this(folder, mode, groups, limits, surroundings, "bwrap");
  }

  /** With the program {@code bubblewrap}. */
  Sandbox(
      Path folder,
      Mode mode,
      ControlGroups groups,
      BuildLimits limits,
      Surroundings surroundings,
      String bubblewrap)
      throws IOException {
    Path own = folder.toAbsolutePath();
    this.groups = groups;
    this.limits = limits;
    this.without = mode == Mode.NONE;
    this.means =
        new Means(
            new Launcher(),
            new Bubblewrap(
                bubblewrap, SystemFolders.arguments(Path.of("/")), surroundings.withWayOut()),
            EtcFolder.make(own.resolve("etc"), surroundings.files()),
            own.resolve("system-calls.bpf"));
    String processor = System.getProperty("os.arch");
    Optional<byte[]> filter = SeccompFilter.forArchitecture(processor);
    this.unsupported =
        filter.isPresent() ? Optional.empty() : Optional.of(SeccompFilter.noneFor(processor));
    if (filter.isPresent()) {
      Files.write(means.filter(), filter.get());
    }
  }

  /**
   * Kills what a server that has died has left of sandboxes that were being made for workspaces
   * below {@code folder}. What had come up has died with it.
   */
  public static void killStrays(Path folder) {
    StrayBubblewrap.kill(folder);
  }

  /**
   * A workspace for one build; its time begins now.
   *
   * @throws IOException when the kernel does not let it be made, or when this server runs as root
   */
  public Workspace open(Workplace place, BuildLimits of) throws IOException {
    if (User.isRoot()) {
      throw new IOException(ROOT);
    }
    return without
        ? new BareWorkspace(means.launcher(), place, of, Cage.open(groups, of))
        : sandboxed(place, of);
  }

  private SandboxedWorkspace sandboxed(Workplace place, BuildLimits of) throws IOException {
    if (unsupported.isPresent()) {
      throw new IOException(unsupported.get());
    }
    return new SandboxedWorkspace(means, place, of, Cage.open(groups, of));
  }

  /**
   * What may be said of {@code result} in public: bubblewrap's own words name this machine's paths.
   */
  static CommandResult publicly(CommandResult result) {
    if (result instanceof CommandResult.NotStarted(String reason)) {
      logger.error("A command could not be started: {}", reason);
      return new CommandResult.NotStarted(NOT_STARTED);
    }
    return result;
  }

  /** How commands are kept apart and held to their limits here, for the operator. */
  public String description() {
    return (without ? "none: commands run as the server's own user" : "bubblewrap")
        + "; "
        + groups.description();
  }

  /**
   * Tries the sandbox; empty when it works, else why it does not and what to do, in words that may
   * name this machine's paths: for its operator alone.
   */
  public Optional<String> trouble() {
    if (User.isRoot()) {
      return Optional.of(ROOT);
    }
    if (without) {
      return Optional.empty();
    }
    if (unsupported.isPresent()) {
      return unsupported;
    }
    Path folder = means.etc().resolveSibling("probe-" + UUID.randomUUID());
    try (WorkFolder work = WorkFolder.make(folder)) {
      Path tree = Files.createDirectory(work.path().resolve("tree"));
      try (SandboxedWorkspace workspace =
          sandboxed(new Workplace(work.path(), tree, Path.of("/build/probe")), limits)) {
        CommandResult result = workspace.runOrExplain(PROBE, OutputStream.nullOutputStream());
        return result.equals(new CommandResult.Exited(0))
            ? Optional.empty()
            : Optional.of(explain(result));
      }
    } catch (IOException e) {
      return Optional.of("The sandbox cannot be tried: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of("The sandbox could not be tried: interrupted.");
    }
  }

  private static final SandboxCommand PROBE =
      new SandboxCommand(
          List.of("true"), List.of(), Map.of("PATH", "/usr/bin:/bin"), Optional.empty());

  private static String explain(CommandResult result) {
    return switch (result) {
      case CommandResult.NotStarted(String reason) when reason.contains(NOT_INSTALLED) ->
          "A program of the sandbox is missing: install the packages bubblewrap and util-linux. ("
              + reason
              + ")";
      case CommandResult.NotStarted(String reason)
          when NO_NAME_SPACES.stream().anyMatch(reason::contains) ->
          reason + " Unprivileged user name spaces must be allowed: see docs/operations.md.";
      case CommandResult.NotStarted(String reason) -> reason;
      case CommandResult.OverLimit(var limit, long amount) ->
          "An empty sandbox is over its limit of " + limit.key() + ", " + amount + ".";
      case CommandResult.Exited(int status) -> "An empty sandbox ended with status " + status + ".";
    };
  }

  @Override
  public void close() {
    means.launcher().close();
  }
}
