package dev.raccoon.sandbox;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.raccoon.process.User;
import dev.raccoon.value.BuildLimits;
import dev.raccoon.value.Limit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** A real sandbox with a tree; a test that asks for one is skipped where bubblewrap cannot work. */
final class TestSandbox implements AutoCloseable {
  static final Path MOUNT_POINT = Path.of("/build/demo");

  /** Enough for anything, and little enough for a test's machine. */
  static final BuildLimits LIMITS =
      new BuildLimits(
          Map.of(
              Limit.TIME, 100_000L,
              Limit.SILENCE, 100_000L,
              Limit.MEMORY, 512L << 20,
              Limit.PROCESSES, 100L,
              Limit.DISK, 64L << 20,
              Limit.FILES, 1000L,
              Limit.OPEN_FILES, 256L,
              Limit.LOG, 1L << 20,
              Limit.ARTIFACT, 1L << 20));

  private static final Map<String, String> PATH = Map.of("PATH", "/usr/bin:/bin");

  private final Sandbox sandbox;
  private final Path tree;

  private final Path folder;

  private TestSandbox(Path folder, Path tree, Sandbox.Mode mode, ControlGroups groups)
      throws IOException {
    this.folder = Files.createDirectories(folder);
    this.sandbox = new Sandbox(folder, mode, groups, LIMITS);
    this.tree = Files.createDirectories(tree);
  }

  /** What a command printed, and how it ended. */
  record Ran(CommandResult result, String output) {
    List<String> lines() {
      return output.lines().toList();
    }
  }

  static TestSandbox in(Path folder) throws IOException, InterruptedException {
    return in(folder, folder.resolve("tree"));
  }

  static TestSandbox in(Path folder, Path tree) throws IOException, InterruptedException {
    return in(folder, tree, Sandbox.Mode.BUBBLEWRAP, TestGroups.none());
  }

  static TestSandbox in(Path folder, Path tree, Sandbox.Mode mode, ControlGroups groups)
      throws IOException, InterruptedException {
    assumeFalse(User.isRoot(), "this is root, whom the kernel's limits do not hold");
    assumeTrue(bubblewrapWorks(), "bubblewrap is not installed, or may not make user name spaces");
    return new TestSandbox(folder.resolve("sandbox"), tree, mode, groups);
  }

  /** Without any class of ours: a fault of ours must not look like a machine without bubblewrap. */
  static boolean bubblewrapWorks() throws InterruptedException {
    try {
      return new ProcessBuilder("bwrap", "--unshare-user", "--ro-bind", "/", "/", "true")
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  Sandbox sandbox() {
    return sandbox;
  }

  Path tree() {
    return tree;
  }

  static SandboxCommand command(String... arguments) {
    return command(List.of(), arguments);
  }

  static SandboxCommand command(List<Path> readable, String... arguments) {
    return new SandboxCommand(List.of(arguments), readable, PATH, Optional.empty());
  }

  static SandboxCommand script(String script) {
    return command("sh", "-c", script);
  }

  /** A workspace on a copy of the tree. */
  Workspace open(BuildLimits limits) throws IOException {
    Path work = Files.createDirectory(folder.resolve("work-" + UUID.randomUUID()));
    return sandbox.open(new Workplace(work, tree, MOUNT_POINT), limits);
  }

  Ran run(SandboxCommand command) throws IOException, InterruptedException {
    return run(command, LIMITS);
  }

  /** Runs one command in a workspace of its own; the tree is as it has left it, afterwards. */
  Ran run(SandboxCommand command, BuildLimits limits) throws IOException, InterruptedException {
    try (Workspace workspace = open(limits)) {
      Ran ran = run(workspace, command);
      Path after = folder.resolve("after-" + UUID.randomUUID());
      assertThat(workspace.copyTree(after, System.err)).isEqualTo(new CommandResult.Exited(0));
      WorkFolder.delete(tree);
      Files.move(after, tree);
      return ran;
    }
  }

  static Ran run(Workspace workspace, SandboxCommand command)
      throws IOException, InterruptedException {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    CommandResult result = workspace.run(command, output);
    return new Ran(result, output.toString(UTF_8));
  }

  Ran shell(String script) throws IOException, InterruptedException {
    return run(script(script));
  }

  /** Runs it for its output only, whatever that does. */
  void run(SandboxCommand command, OutputStream log) throws IOException, InterruptedException {
    try (Workspace workspace = open(LIMITS)) {
      workspace.run(command, log);
    }
  }

  /** Calls back when the command prints. */
  static OutputStream whenItPrints(Runnable callback) {
    return new OutputStream() {
      @Override
      public void write(int b) {
        callback.run();
      }

      @Override
      public void write(byte[] bytes, int offset, int length) {
        if (length > 0) {
          callback.run();
        }
      }
    };
  }

  /** Whether a process of this machine, seen from outside, has {@code text} in its arguments. */
  static boolean someProcessHas(String text) {
    try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
      return entries.anyMatch(entry -> argumentsOf(entry).contains(text));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String argumentsOf(Path entry) {
    try {
      return entry.getFileName().toString().matches("[0-9]+")
          ? Files.readString(entry.resolve("cmdline"), ISO_8859_1)
          : "";
    } catch (IOException e) {
      return "";
    }
  }

  @Override
  public void close() {
    sandbox.close();
  }
}
