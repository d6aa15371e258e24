package dev.raccoon.sandbox;

import dev.raccoon.process.Subprocess;
import dev.raccoon.value.BuildLimits;
import dev.raccoon.value.Limit;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * What the sandbox costs: the same command bare and in a workspace, in turns. A workspace's time is
 * from its making to its end, with the tree copied in and out. Run by {@code bench/sandbox}.
 */
final class SandboxOverhead {
  private static final int ROUNDS = 10;
  private static final int MODULES = 150;
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "PATH", "/usr/local/bin:/usr/bin:/bin",
          "LANG", "C.UTF-8",
          "TERM", "dumb",
          "REBAR_OFFLINE", "1",
          "REBAR_CACHE_DIR", "/tmp/rebar3-" + UUID.randomUUID());
  private static final BuildLimits LIMITS =
      new BuildLimits(
          Map.of(
              Limit.TIME, 600_000L,
              Limit.SILENCE, 300_000L,
              Limit.MEMORY, 2L << 30,
              Limit.PROCESSES, 512L,
              Limit.DISK, 2L << 30,
              Limit.FILES, 200_000L,
              Limit.OPEN_FILES, 1024L,
              Limit.LOG, 10L << 20,
              Limit.ARTIFACT, 256L << 20));

  private final Path folder;
  private final Sandbox sandbox;

  private SandboxOverhead(Path folder, Sandbox sandbox) {
    this.folder = folder;
    this.sandbox = sandbox;
  }

  public static void main(String[] arguments) throws Exception {
    ControlGroups groups = ControlGroups.find("bench", System.getProperty("cgroup", "raccoon"));
    try (WorkFolder folder =
            WorkFolder.make(Path.of("/var/tmp", "raccoon-bench-" + UUID.randomUUID()));
        Sandbox sandbox =
            new Sandbox(folder.path().resolve("own"), Sandbox.Mode.BUBBLEWRAP, groups, LIMITS)) {
      System.out.println(sandbox.description() + "; medians of " + ROUNDS + ", in milliseconds");
      SandboxOverhead overhead = new SandboxOverhead(folder.path(), sandbox);
      overhead.compare("true", List.of("true"));
      overhead.compare("rebar3 compile, " + MODULES + " modules", List.of("rebar3", "compile"));
    }
  }

  private void compare(String name, List<String> command) throws Exception {
    List<Long> bare = new ArrayList<>();
    List<Long> sandboxed = new ArrayList<>();
    for (int round = 0; round <= ROUNDS; round++) {
      long without = bare(command);
      long with = sandboxed(command);
      if (round > 0) { // the first is for caches
        bare.add(without);
        sandboxed.add(with);
      }
    }
    double without = median(bare);
    double with = median(sandboxed);
    System.out.printf(
        "%s: bare %.1f, sandboxed %.1f: %.1f more, %.1f %%%n",
        name, without, with, with - without, 100 * (with - without) / without);
  }

  private long bare(List<String> command) throws Exception {
    try (WorkFolder tree = tree()) {
      long start = System.nanoTime();
      ProcessBuilder builder = new ProcessBuilder(command).directory(tree.path().toFile());
      builder.redirectErrorStream(true).environment().clear();
      builder.environment().putAll(ENVIRONMENT);
      builder.environment().put("HOME", tree.path().toString());
      Process process = builder.start();
      Subprocess.End end =
          Subprocess.await(process, Duration.ofMinutes(5), OutputStream.nullOutputStream());
      require(end.equals(new Subprocess.End.Exited(0)), end);
      return System.nanoTime() - start;
    }
  }

  private long sandboxed(List<String> command) throws Exception {
    try (WorkFolder tree = tree();
        WorkFolder work = WorkFolder.make(folder.resolve("work-" + UUID.randomUUID()))) {
      long start = System.nanoTime();
      Workplace place = new Workplace(work.path(), tree.path(), Path.of("/build/bench"));
      try (Workspace workspace = sandbox.open(place, LIMITS)) {
        SandboxCommand all = new SandboxCommand(command, List.of(), ENVIRONMENT, Optional.empty());
        CommandResult result = workspace.run(all, OutputStream.nullOutputStream());
        require(result.equals(new CommandResult.Exited(0)), result);
        workspace.copyTree(work.path().resolve("built"), OutputStream.nullOutputStream());
      }
      return System.nanoTime() - start;
    }
  }

  private static void require(boolean good, Object result) {
    if (!good) {
      throw new IllegalStateException(result.toString());
    }
  }

  private WorkFolder tree() throws IOException {
    WorkFolder tree = WorkFolder.make(folder.resolve("tree-" + UUID.randomUUID()));
    Path source = Files.createDirectory(tree.path().resolve("src"));
    Files.writeString(
        source.resolve("bench.app.src"),
        "{application, bench, [{vsn, \"1\"}, {applications, [kernel, stdlib]}]}.\n");
    for (int i = 0; i < MODULES; i++) {
      Files.writeString(source.resolve("m" + i + ".erl"), module("m" + i));
    }
    return tree;
  }

  private static String module(String name) {
    StringBuilder text = new StringBuilder("-module(" + name + ").\n-compile(export_all).\n");
    text.append("-compile(nowarn_export_all).\n");
    IntStream.range(0, 60)
        .forEach(i ->
            text.append("f" + i + "(X) when X > " + i + " -> [Y * " + i + " || Y <- X, Y > 1];\n")
                .append("f" + i + "(X) -> lists:map(fun(Y) -> {Y, " + i + "} end, X).\n"));
    return text.toString();
  }

  private static double median(List<Long> nanos) {
    List<Long> sorted = nanos.stream().sorted().toList();
    int half = sorted.size() / 2;
    return (sorted.get(half - 1) + sorted.get(half)) / 2.0 / 1e6;
  }
}
