package dev.raccoon;

import dev.raccoon.build.BuildRunner;
import dev.raccoon.build.PackageStep;
import dev.raccoon.build.PlanStep;
import dev.raccoon.build.PrepareStep;
import dev.raccoon.build.RequestSources;
import dev.raccoon.build.WayOut;
import dev.raccoon.config.DataDirectory;
import dev.raccoon.config.Settings;
import dev.raccoon.health.DiskSpace;
import dev.raccoon.health.HealthCheck;
import dev.raccoon.metrics.BuildMetrics;
import dev.raccoon.otp.KerlSettings;
import dev.raccoon.otp.OtpInstaller;
import dev.raccoon.otp.ToolSurvey;
import dev.raccoon.queue.Fleet;
import dev.raccoon.queue.Lease;
import dev.raccoon.sandbox.ControlGroups;
import dev.raccoon.sandbox.Sandbox;
import dev.raccoon.sandbox.SandboxCheck;
import dev.raccoon.tool.BuildTools;
import dev.raccoon.tool.ElixirPrograms;
import dev.raccoon.tool.HexAccess;
import dev.raccoon.tool.HexArchives;
import dev.raccoon.tool.ProgramSearch;
import dev.raccoon.tool.Rebar3Programs;
import dev.raccoon.tool.Trial;
import dev.raccoon.toolchain.OtpInventory;
import dev.raccoon.value.BuildLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All that a machine needs to build: sandbox, tools, and the runner that puts them to use. */
final class BuildNode implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(BuildNode.class);
  private static final Duration SANDBOX_PAUSE = Duration.ofSeconds(30);
  private static final int MAX_MEMBERS = 50_000;
  private static final String BUILDS = "builds";

  private final Settings settings;
  private final Ground ground;
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final Sandbox sandbox;
  private final SandboxCheck sandboxCheck;
  private final ToolSurvey survey;
  private final OtpInstaller installer;
  private final BuildRunner runner;

  /** What it stands on. */
  record Ground(
      DataDirectory data,
      Stores stores,
      Sourcing sourcing,
      Fleet fleet,
      OtpInventory installations,
      DiskSpace disk) {}

  /** Nothing runs before {@link #start}. */
  BuildNode(Settings settings, Ground ground, ControlGroups groups, BuildMetrics metrics)
      throws IOException {
    this.settings = settings;
    this.ground = ground;
    try {
      BuildLimits limits = settings.builds().limits();
      Sandbox.Mode mode =
          settings.builds().sandboxed() ? Sandbox.Mode.BUBBLEWRAP : Sandbox.Mode.NONE;
      Path helpers = ground.data().helpers();
      this.sandbox =
          opened(
              new Sandbox(
                  helpers.resolve("sandbox"),
                  mode,
                  groups,
                  limits,
                  HexAccess.of(settings.egress().hexMirror())));
      this.sandboxCheck = opened(new SandboxCheck(sandbox, SANDBOX_PAUSE));
      Trial trial =
          new Trial(sandbox, limits, ground.data().work().resolve("trials"), Clock.systemUTC());
      Settings.Programs named = settings.toolchains().programs();
      Rebar3Programs rebar3 =
          new Rebar3Programs(programs(named.rebar3()), helpers.resolve("rebar3"), trial);
      ElixirPrograms elixir = new ElixirPrograms(programs(named.elixir()), trial);
      HexArchives hex = new HexArchives(named.hexArchives(), trial);
      this.survey =
          opened(
              new ToolSurvey(
                  ground.data().nodeId(),
                  ground.installations(),
                  rebar3,
                  elixir,
                  ground.stores().administration().otp().nodes()));
      this.installer = opened(installer());
      this.runner = runner(BuildTools.of(rebar3, elixir, hex), metrics);
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Begins to look at its tools, and to install what it is asked for. */
  void start() {
    installer.start();
    survey.start();
  }

  /** Tells that an Erlang/OTP may have been asked for. */
  void wake() {
    installer.wake();
  }

  /** Whether builds can begin now. */
  boolean mayStart() {
    return canBuild() && ground.disk().isEnough();
  }

  /** Whether builds can run at all; what is used up for a moment only does not count. */
  boolean canBuild() {
    return sandboxCheck.trouble().isEmpty() && hasWorkFolder();
  }

  private boolean hasWorkFolder() {
    try {
      return Files.isWritable(Files.createDirectories(ground.data().work().resolve(BUILDS)));
    } catch (IOException e) {
      return false;
    }
  }

  /** Runs one build to its end. */
  void run(Lease lease) {
    runner.run(lease);
  }

  /** How builds are kept apart and held to their limits. */
  String sandboxDescription() {
    return sandbox.description();
  }

  /** Why no build can run, if none can. */
  Optional<String> sandboxTrouble() {
    return sandboxCheck.trouble();
  }

  /** What is looked at for the server's health. */
  HealthCheck.Building health() {
    return new HealthCheck.Building(
        sandboxCheck::trouble,
        this::hasWorkFolder,
        ground.installations(),
        new HealthCheck.Tools(survey::isUsable, survey::describe));
  }

  private BuildRunner runner(BuildTools tools, BuildMetrics metrics) throws IOException {
    Stores stores = ground.stores();
    Sourcing sourcing = ground.sourcing();
    Path work = ground.data().work();
    RequestSources sources =
        new RequestSources(
            sourcing.fetcher(),
            stores.builds(),
            metrics,
            work.resolve("sources"),
            stores.egress()::logOf);
    PlanStep plan =
        new PlanStep(
            sources,
            ground.installations(),
            ground.fleet(),
            settings.toolchains().defaultOtp(),
            tools,
            stores.resolutions());
    PrepareStep prepare =
        new PrepareStep(
            new WayOut(
                sourcing.egress(), sourcing.copies(), sourcing.rules(), stores.egress()::logOf));
    BuildLimits limits = settings.builds().limits();
    return new BuildRunner(
        new BuildRunner.Records(
            stores.builds(), stores.leased(), stores.logs(), stores.queue(), stores.dependencies()),
        stores.artifacts(),
        sources,
        new BuildRunner.Steps(
            plan, sandbox, prepare, new PackageStep(MAX_MEMBERS, stores.artifacts())),
        metrics,
        new BuildRunner.WorkPlace(
            work.resolve(BUILDS),
            name -> limits.with(stores.administration().limits().of(name)),
            new BuildRunner.Disk(ground.disk()::isEnough, settings.databaseUrl().isEmpty()),
            sandboxCheck::doubt));
  }

  private OtpInstaller installer() {
    Settings.Toolchains toolchains = settings.toolchains();
    Path root = ground.data().root();
    return new OtpInstaller(
        ground.data().nodeId(),
        ground.stores().administration().otp().installs(),
        ground.installations(),
        new KerlSettings(
            toolchains.programs().kerl(),
            toolchains.searchPath(),
            kerlBase(settings, root),
            root.resolve("otp")),
        survey::wake);
  }

  static Path kerlBase(Settings settings, Path root) {
    return settings.toolchains().kerlBase().orElseGet(() -> root.resolve("kerl"));
  }

  private ProgramSearch programs(List<Path> named) {
    return new ProgramSearch(named, settings.toolchains().searchPath());
  }

  private <T extends AutoCloseable> T opened(T part) {
    parts.push(part);
    return part;
  }

  @Override
  public void close() {
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        log.warn("A part of the server did not close", e);
      }
    }
  }
}
