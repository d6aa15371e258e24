package dev.raccoon.build;

import dev.raccoon.sandbox.CommandResult;
import dev.raccoon.sandbox.Sandbox;
import dev.raccoon.sandbox.SandboxCommand;
import dev.raccoon.sandbox.WorkFolder;
import dev.raccoon.sandbox.Workplace;
import dev.raccoon.sandbox.Workspace;
import dev.raccoon.value.BuildLimits;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The build tool rebar3, run in a sandbox on the OTP that a build is for. */
public final class Rebar3 {
  private final List<Path> searchPath;

  /** The rebar3 of the first folder of {@code searchPath} that has one. */
  public Rebar3(List<Path> searchPath) {
    this.searchPath = searchPath;
  }

  /** The program itself, since the sandbox sees it at its real place only. */
  public Optional<Path> program() {
    return searchPath.stream()
        .map(folder -> folder.resolve("rebar3"))
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .findFirst()
        .map(Rebar3::real);
  }

  private static Path real(Path file) {
    try {
      return file.toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The command {@code rebar3 TASK} without a network. */
  SandboxCommand offline(BuildPlan plan, Path program, String task) {
    return command(plan, program, task, Optional.empty());
  }

  /** The same with a way out: the Unix socket of a proxy. */
  SandboxCommand online(BuildPlan plan, Path program, String task, Path wayOut) {
    return command(plan, program, task, Optional.of(wayOut));
  }

  private static SandboxCommand command(
      BuildPlan plan, Path program, String task, Optional<Path> wayOut) {
    List<Path> readable = new ArrayList<>(plan.otp().libraryFolders());
    if (!plan.otp().root().startsWith("/usr")) {
      readable.add(plan.otp().root());
    }
    if (!program.startsWith("/usr")) {
      readable.add(program);
    }
    Map<String, String> environment = new HashMap<>();
    environment.put("PATH", plan.otp().bin() + ":/usr/local/bin:/usr/bin:/bin");
    environment.put("LANG", "C.UTF-8");
    environment.put("TERM", "dumb");
    environment.put("GIT_TERMINAL_PROMPT", "0");
    environment.put("REBAR_CACHE_DIR", Workspace.CACHE.toString());
    environment.put("ERL_COMPILER_OPTIONS", "deterministic");
    if (wayOut.isEmpty()) {
      environment.put("REBAR_OFFLINE", "1");
    }
    return new SandboxCommand(
        List.of("escript", program.toString(), task), readable, environment, wayOut);
  }

  /** Whether it runs on the plan's OTP at all: tried where no package is. */
  boolean runs(BuildPlan plan, Path program, Sandbox sandbox, BuildLimits limits)
      throws IOException, InterruptedException {
    try (WorkFolder folder = WorkFolder.make(plan.tree().resolveSibling("empty"))) {
      Path tree = Files.createDirectory(folder.path().resolve("tree"));
      Workplace place = new Workplace(folder.path(), tree, Path.of("/build/empty"));
      try (Workspace workspace = sandbox.open(place, limits)) {
        return switch (workspace.run(
            offline(plan, program, "version"), OutputStream.nullOutputStream())) {
          case CommandResult.NotStarted(String reason) -> throw new InfrastructureException(reason);
          case CommandResult.OverLimit ignored -> true;
          case CommandResult.Exited(int status) -> status == 0;
        };
      }
    }
  }
}
