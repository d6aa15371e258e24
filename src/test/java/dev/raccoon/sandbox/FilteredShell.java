package dev.raccoon.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs commands under bubblewrap with the filter of this machine's processor. */
final class FilteredShell {
  private static final List<String> BUBBLEWRAP =
      List.of(
          "bwrap",
          "--seccomp",
          "9",
          "--unshare-all",
          "--unshare-user",
          "--disable-userns",
          "--cap-drop",
          "ALL",
          "--die-with-parent",
          "--as-pid-1",
          "--new-session",
          "--uid",
          "1000",
          "--gid",
          "1000",
          "--clearenv",
          "--setenv",
          "PATH",
          "/usr/bin:/bin",
          "--setenv",
          "HOME",
          "/build");

  private static final List<String> FOLDERS =
      List.of("--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--chdir", "/build");

  private final Path filter;
  private final Path tree;

  private FilteredShell(Path filter, Path tree) {
    this.filter = filter;
    this.tree = tree;
  }

  /**
   * With its files in {@code folder}; a test is skipped where bubblewrap or a filter is missing.
   */
  static FilteredShell in(Path folder) throws IOException, InterruptedException {
    TestSandbox.in(folder.resolve("probe")).close();
    String processor = System.getProperty("os.arch");
    assumeTrue(Processor.named(processor).isPresent(), () -> SeccompFilter.noneFor(processor));
    byte[] bytes = SeccompFilter.forArchitecture(processor).orElseThrow();
    return new FilteredShell(
        Files.write(folder.resolve("filter"), bytes),
        Files.createDirectories(folder.resolve("build")));
  }

  /** The work tree, at {@code /build} inside. */
  Path tree() {
    return tree;
  }

  /** What {@code script} prints to either stream; it must end with status 0. */
  List<String> run(String script) throws IOException, InterruptedException {
    return run(List.of("sh", "-ec", script));
  }

  List<String> run(List<String> command) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("sh", "-c", "exec 9<\"$0\"; exec \"$@\""));
    all.add(filter.toString());
    all.addAll(BUBBLEWRAP);
    all.addAll(SystemFolders.arguments(Path.of("/")));
    all.addAll(List.of("--ro-bind-try", "/etc/alternatives", "/etc/alternatives"));
    all.addAll(FOLDERS);
    all.addAll(List.of("--bind", tree.toString(), "/build", "--"));
    all.addAll(command);
    Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
    try {
      process.getOutputStream().close();
      String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
      assertThat(process.waitFor()).as(printed).isZero();
      return printed.lines().toList();
    } finally {
      process.destroyForcibly();
    }
  }

  /** Skips a test on a machine without {@code program}. */
  static void needs(String program) {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin", program)), () -> program + " is not installed");
  }
}
