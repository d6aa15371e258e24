package dev.raccoon;

import com.sun.management.OperatingSystemMXBean;
import dev.raccoon.access.Authentication;
import dev.raccoon.admin.AdminRoutes;
import dev.raccoon.artifact.ArtifactStore;
import dev.raccoon.artifact.FileArtifactStore;
import dev.raccoon.artifact.S3ArtifactStore;
import dev.raccoon.build.BuildRequests;
import dev.raccoon.build.BuildRunner;
import dev.raccoon.build.PackageStep;
import dev.raccoon.build.PlanStep;
import dev.raccoon.build.PrepareStep;
import dev.raccoon.build.RequestSources;
import dev.raccoon.build.WayOut;
import dev.raccoon.cache.FileCache;
import dev.raccoon.catalog.BuildEnds;
import dev.raccoon.config.ArtifactPlace;
import dev.raccoon.config.DataDirectory;
import dev.raccoon.config.Settings;
import dev.raccoon.config.SettingsException;
import dev.raccoon.coon.CoonRoutes;
import dev.raccoon.coon.MetricsRoutes;
import dev.raccoon.db.Database;
import dev.raccoon.db.DatabaseAddress;
import dev.raccoon.db.EmbeddedPostgres;
import dev.raccoon.db.Notifications;
import dev.raccoon.egress.EgressLimits;
import dev.raccoon.egress.EgressProxy;
import dev.raccoon.egress.EgressRules;
import dev.raccoon.egress.GitCopies;
import dev.raccoon.egress.HexMirror;
import dev.raccoon.egress.Resolver;
import dev.raccoon.health.DiskSpace;
import dev.raccoon.health.HealthCheck;
import dev.raccoon.http.BuildAccess;
import dev.raccoon.http.CallerCheck;
import dev.raccoon.http.Route;
import dev.raccoon.http.WebServer;
import dev.raccoon.metrics.BuildMetrics;
import dev.raccoon.otp.KerlSettings;
import dev.raccoon.otp.OtpInstallStore;
import dev.raccoon.otp.OtpInstaller;
import dev.raccoon.otp.ToolSurvey;
import dev.raccoon.queue.QueueStore;
import dev.raccoon.queue.RecentDepth;
import dev.raccoon.queue.Worker;
import dev.raccoon.sandbox.ControlGroups;
import dev.raccoon.sandbox.Sandbox;
import dev.raccoon.sandbox.SandboxCheck;
import dev.raccoon.sandbox.WorkFolder;
import dev.raccoon.source.ExampleRepository;
import dev.raccoon.source.Git;
import dev.raccoon.source.GitCache;
import dev.raccoon.source.GitHosts;
import dev.raccoon.source.SourceFetcher;
import dev.raccoon.tool.BuildTools;
import dev.raccoon.tool.ElixirPrograms;
import dev.raccoon.tool.HexAccess;
import dev.raccoon.tool.HexArchives;
import dev.raccoon.tool.ProgramSearch;
import dev.raccoon.tool.Rebar3Programs;
import dev.raccoon.tool.Trial;
import dev.raccoon.toolchain.OtpInstallations;
import dev.raccoon.toolchain.OtpInventory;
import dev.raccoon.toolchain.OtpSearch;
import dev.raccoon.value.BuildLimits;
import dev.raccoon.value.CloneUrl;
import dev.raccoon.value.Limit;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The whole server: every part is made here, by its constructor, and closed here in the reverse
 * order. Read {@code docs/architecture.md} beside it.
 */
public final class Server implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Server.class);
  private static final int POOL_SIZE = 16;
  private static final Duration SANDBOX_PAUSE = Duration.ofSeconds(30);
  private static final int MAX_MEMBERS = 50_000;

  /** Of the cache: what Hex has is small. */
  private static final int HEX_SHARE = 4;

  /** Of the cache as well. */
  private static final int ARTIFACT_SHARE = 2;

  private final Settings settings;
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final BuildMetrics metrics = new BuildMetrics();
  private final CompletableFuture<Void> databaseLost = new CompletableFuture<>();
  private final OtpInventory installations;
  private final Sandbox sandbox;
  private final SandboxCheck sandboxCheck;
  private final WebServer web;

  private Server(Settings settings) throws IOException {
    this.settings = settings;
    try {
      DataDirectory data = opened(DataDirectory.take(settings.dataDirectory()));
      // Before anything else is started: it may move this process.
      ControlGroups groups =
          opened(ControlGroups.find(data.nodeId().toString(), settings.builds().controlGroup()));
      groups.sweep();
      WorkFolder.empty(data.work());
      DatabaseAddress address = address(data);
      Database database = opened(Database.open(address, POOL_SIZE));
      Stores stores = Stores.in(database.jdbi(), opened(artifacts(data)));

      installations = new OtpInventory(otpSearch(data), Clock.systemUTC());
      BuildLimits limits = settings.builds().limits();
      Sandbox.Mode mode =
          settings.builds().sandboxed() ? Sandbox.Mode.BUBBLEWRAP : Sandbox.Mode.NONE;
      sandbox =
          opened(
              new Sandbox(
                  data.helpers().resolve("sandbox"),
                  mode,
                  groups,
                  limits,
                  HexAccess.of(settings.egress().hexMirror())));
      sandboxCheck = opened(new SandboxCheck(sandbox, SANDBOX_PAUSE));
      Trial trial = new Trial(sandbox, limits, data.work().resolve("trials"));
      Rebar3Programs rebar3 =
          new Rebar3Programs(
              programs(settings.toolchains().programs().rebar3()),
              data.helpers().resolve("rebar3"),
              trial);
      ElixirPrograms elixir =
          new ElixirPrograms(programs(settings.toolchains().programs().elixir()), trial);
      HexArchives hex = new HexArchives(settings.toolchains().programs().hexArchives(), trial);
      ToolSurvey survey =
          opened(
              new ToolSurvey(
                  data.nodeId(),
                  installations,
                  rebar3,
                  elixir,
                  stores.administration().otp().nodes()));
      OtpInstaller installer = opened(installer(data, stores, survey));
      Git git = git(data);
      Settings.Sources origins = sources(git, data);
      GitHosts hosts = new GitHosts(origins);
      EgressProxy egress = opened(egress(git, data));
      SourceFetcher fetcher =
          new SourceFetcher(git, hosts, egress, settings.sources().fetchTimeout());
      DiskSpace disk = new DiskSpace(data.root(), settings.builds().minFreeDiskBytes());

      WayOut wayOut =
          new WayOut(egress, copies(git, data), rules(origins, data), stores.egress()::logOf);
      BuildRunner runner =
          runner(
              stores,
              fetcher,
              new PrepareStep(wayOut),
              BuildTools.of(rebar3, elixir, hex),
              data,
              disk);
      Worker worker =
          new Worker(
              stores.queue(),
              terms(data),
              () -> sandboxCheck.trouble().isEmpty() && disk.isEnough(),
              runner::run);
      BuildEnds ends = new BuildEnds(stores.builds());
      Notifications notifications = opened(Notifications.open(address));
      parts.push(notifications.subscribe(QueueStore.QUEUED, payload -> worker.wake()));
      parts.push(notifications.subscribe(QueueStore.ENDED, payload -> ends.ended()));
      parts.push(notifications.subscribe(OtpInstallStore.ASKED, payload -> installer.wake()));
      gauges(stores.queue(), worker);

      BuildRequests requests =
          new BuildRequests(stores.requests(), stores.builds(), hosts, fetcher, installations);
      HealthCheck health =
          new HealthCheck(
              database,
              stores.artifacts(),
              disk,
              new HealthCheck.Building(
                  worker::works,
                  sandboxCheck::trouble,
                  installations,
                  new HealthCheck.Tools(survey::isUsable, survey::describe)),
              Clock.systemUTC());
      opened(worker).start();
      installer.start();
      survey.start();
      web =
          opened(
              WebServer.start(
                  settings.http(),
                  routes(data, stores, requests, ends, health),
                  CoonRoutes::traffic));
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private BuildRunner runner(
      Stores stores,
      SourceFetcher fetcher,
      PrepareStep prepare,
      BuildTools tools,
      DataDirectory data,
      DiskSpace disk) {
    RequestSources sources =
        new RequestSources(
            fetcher,
            stores.builds(),
            metrics,
            data.work().resolve("sources"),
            stores.egress()::logOf);
    PlanStep plan =
        new PlanStep(
            sources,
            installations,
            settings.toolchains().defaultOtp(),
            tools,
            stores.resolutions());
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
            data.work().resolve("builds"),
            name -> limits.with(stores.administration().limits().of(name)),
            new BuildRunner.Disk(disk::isEnough, settings.databaseUrl().isEmpty())));
  }

  private Worker.Terms terms(DataDirectory data) {
    Settings.Builds builds = settings.builds();
    return new Worker.Terms(data.nodeId(), builds.slots(), builds.lease(), builds.shutdownGrace());
  }

  private void gauges(QueueStore queue, Worker worker) {
    RecentDepth queued = new RecentDepth(queue, Clock.systemUTC());
    metrics.gauge("queue_waiting", "Builds that wait", () -> queued.depth().waiting());
    metrics.gauge("queue_running", "Builds that run", () -> queued.depth().running());
    metrics.gauge("slots_free", "Builds that could start now", worker::freeSlots);
  }

  private List<Route> routes(
      DataDirectory data,
      Stores stores,
      BuildRequests requests,
      BuildEnds ends,
      HealthCheck health) {
    AdminRoutes.Records administration = stores.administration();
    CallerCheck callers =
        new CallerCheck(
            new Authentication(administration.tokens(), Clock.systemUTC()),
            settings.http().clients(),
            CoonRoutes::traffic);
    BuildAccess access =
        new BuildAccess(
            settings.http().host(),
            settings.http().openBuilds(),
            settings.http().clients().trustedProxies(),
            administration.namespaces()::isPrivate);
    CoonRoutes.Catalog catalog =
        new CoonRoutes.Catalog(
            stores.builds(),
            stores.search(),
            stores.logs(),
            stores.artifacts(),
            stores.dependencies());
    CoonRoutes.Building building =
        new CoonRoutes.Building(
            access, requests, ends, settings.builds().limits().time(Limit.TIME).multipliedBy(2));
    return Stream.of(
            CoonRoutes.of(catalog, building, metrics),
            MetricsRoutes.of(metrics, settings.access().metricsOpen()),
            health.routes(settings.access().healthOpen()),
            AdminRoutes.of(administration, settings.builds().limits(), data.nodeId()))
        .flatMap(List::stream)
        .map(callers::before)
        .toList();
  }

  /** Starts a server by {@code settings}; when this returns, it answers. */
  public static Server start(Settings settings) throws IOException {
    return new Server(settings);
  }

  /** The server's address, as a browser or curl takes it. */
  public String url() {
    Settings.Http http = settings.http();
    return http.publicUrl().orElseGet(() -> "http://" + http.reachableHost() + ":" + web.port());
  }

  /** Where all that lasts is kept. */
  public Path dataDirectory() {
    return settings.dataDirectory();
  }

  /** The Erlang/OTP installations that there are at the moment. */
  public OtpInstallations installations() {
    return installations.get();
  }

  /** How builds are kept apart and held to their limits. */
  public String sandboxDescription() {
    return sandbox.description();
  }

  /** What is wrong where builds may together take more memory than this machine has. */
  public Optional<String> memoryShortage() {
    long most = settings.builds().mostMemoryBytes();
    OperatingSystemMXBean machine =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    long here = machine.getTotalMemorySize() + machine.getTotalSwapSpaceSize();
    return most <= here
        ? Optional.empty()
        : Optional.of(
            "%d builds at once may take %d MiB, and this machine has %d MiB with its swap: lower RACCOON_BUILD_SLOTS, RACCOON_BUILD_MEMORY or RACCOON_BUILD_DISK."
                .formatted(settings.builds().slots(), most >> 20, here >> 20));
  }

  /** Why no build can run, if none can. */
  public Optional<String> sandboxTrouble() {
    return sandboxCheck.trouble();
  }

  /** Completed when the embedded database has ended by itself: the server is of no use without. */
  public CompletionStage<Void> databaseLost() {
    return databaseLost;
  }

  /** Takes no more requests, gives running builds their grace, and closes every part. */
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

  private <T extends AutoCloseable> T opened(T part) {
    parts.push(part);
    return part;
  }

  private DatabaseAddress address(DataDirectory data) {
    return settings.databaseUrl().map(Server::databaseAddress).orElseGet(() -> embedded(data));
  }

  private DatabaseAddress embedded(DataDirectory data) {
    EmbeddedPostgres postgres = opened(EmbeddedPostgres.start(data.postgres()));
    var _ = postgres.lost().thenRun(() -> databaseLost.complete(null));
    return postgres.address();
  }

  static DatabaseAddress databaseAddress(String url) {
    try {
      return DatabaseAddress.parse(url);
    } catch (IllegalArgumentException e) {
      throw new SettingsException("RACCOON_DATABASE_URL: " + e.getMessage());
    }
  }

  private static Git git(DataDirectory data) throws IOException {
    Git git = new Git(data.helpers().resolve("git"));
    try {
      git.requireVersion();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    return git;
  }

  private EgressProxy egress(Git git, DataDirectory data) throws IOException {
    return new EgressProxy(
        data.work().resolve("egress"),
        new EgressProxy.Network(Resolver.ofMachine(), settings.egress().certificates()),
        EgressLimits.of(settings.egress()),
        git::httpBackend,
        Clock.systemUTC());
  }

  private Function<CloneUrl, EgressRules> rules(Settings.Sources origins, DataDirectory data)
      throws IOException {
    Function<CloneUrl, EgressRules> rules =
        url -> EgressRules.forBuild(settings.egress(), origins, url);
    if (settings.egress().hexMirror().isEmpty()) {
      return rules;
    }
    FileCache files =
        new FileCache(
            data.cache().resolve("hex"),
            settings.egress().cacheBytes() / HEX_SHARE,
            Clock.systemUTC());
    HexMirror mirror = new HexMirror(settings.egress().hexMirror().get(), files);
    return rules.andThen(all -> all.with(mirror));
  }

  private ArtifactStore artifacts(DataDirectory data) throws IOException {
    return switch (settings.artifacts().place()) {
      case ArtifactPlace.Folder(Path folder) -> new FileArtifactStore(folder);
      case ArtifactPlace.Bucket bucket -> {
        FileCache cache =
            new FileCache(
                data.cache().resolve("artifacts"), artifactCacheBytes(), Clock.systemUTC());
        S3ArtifactStore store =
            new S3ArtifactStore(bucket, settings.artifacts().redirects(), cache, Clock.systemUTC());
        // The server starts, and serves what it can, also while the bucket is away.
        Thread.ofVirtual().name("leftovers").start(() -> removeLeftovers(store));
        yield store;
      }
    };
  }

  private static void removeLeftovers(S3ArtifactStore store) {
    try {
      store.removeLeftovers();
    } catch (IOException e) {
      log.warn("Uploads that were never ended were not looked for: {}", e.getMessage());
    }
  }

  /** What is read from a bucket has its share of the cache; a folder needs none. */
  private long artifactCacheBytes() {
    return settings.artifacts().place() instanceof ArtifactPlace.Bucket
        ? settings.egress().cacheBytes() / ARTIFACT_SHARE
        : 0;
  }

  private GitCopies copies(Git git, DataDirectory data) throws IOException {
    long all = settings.egress().cacheBytes();
    return all == 0
        ? GitCopies.NONE
        : new GitCache(
            git,
            data.cache().resolve("git"),
            all - all / HEX_SHARE - artifactCacheBytes(),
            Clock.systemUTC());
  }

  private Settings.Sources sources(Git git, DataDirectory data) throws IOException {
    List<Settings.Rewrite> rewrites = new ArrayList<>(settings.sources().rewrites());
    rewrites.add(ExampleRepository.make(git, data.helpers().resolve("example.git")));
    return new Settings.Sources(
        rewrites, settings.sources().hosts(), settings.sources().fetchTimeout());
  }

  private Path kerlBase(DataDirectory data) {
    return settings.toolchains().kerlBase().orElseGet(() -> data.root().resolve("kerl"));
  }

  private OtpInstaller installer(DataDirectory data, Stores stores, ToolSurvey survey) {
    Settings.Toolchains toolchains = settings.toolchains();
    return new OtpInstaller(
        data.nodeId(),
        stores.administration().otp().installs(),
        installations,
        new KerlSettings(
            toolchains.programs().kerl(),
            toolchains.searchPath(),
            kerlBase(data),
            data.root().resolve("otp")),
        survey::wake);
  }

  private ProgramSearch programs(List<Path> named) {
    return new ProgramSearch(named, settings.toolchains().searchPath());
  }

  private OtpSearch otpSearch(DataDirectory data) {
    Settings.Toolchains toolchains = settings.toolchains();
    return new OtpSearch(
        toolchains.searchPath(),
        OtpSearch.USUAL_ROOTS,
        toolchains.folders(),
        Optional.of(kerlBase(data)));
  }
}
