package dev.raccoon.sandbox;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A real sandbox with a tree; a test that asks for one is skipped where bubblewrap cannot work. */
final class TestSandbox implements AutoCloseable {
  static final Path MOUNT_POINT = Path.of("/build/demo");
  static final Duration LONG = Duration.ofSeconds(100);
  private static final Map<String, String> PATH = Map.of("PATH", "/usr/bin:/bin");

  private final Sandbox sandbox;
  private final Path tree;

  private TestSandbox(Path folder, Path tree) throws IOException {
    this.sandbox = new Sandbox(folder);
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
    assumeTrue(bubblewrapWorks(), "bubblewrap is not installed, or may not make user name spaces");
    return new TestSandbox(folder.resolve("sandbox"), tree);
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

  SandboxCommand command(Duration timeout, String... arguments) {
    return new SandboxCommand(List.of(arguments), tree, MOUNT_POINT, List.of(), PATH, timeout);
  }

  SandboxCommand shell(Duration timeout, String script) {
    return command(timeout, "sh", "-c", script);
  }

  Ran run(SandboxCommand command) throws IOException, InterruptedException {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    CommandResult result = sandbox.run(command, output);
    return new Ran(result, output.toString(UTF_8));
  }

  Ran shell(String script) throws IOException, InterruptedException {
    return run(shell(LONG, script));
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
