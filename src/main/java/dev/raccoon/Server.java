package dev.raccoon;

import dev.raccoon.artifact.ArtifactStore;
import dev.raccoon.artifact.FileArtifactStore;
import dev.raccoon.artifact.PackageLimits;
import dev.raccoon.artifact.Packer;
import dev.raccoon.build.BuildRequests;
import dev.raccoon.build.BuildRunner;
import dev.raccoon.build.CompileStep;
import dev.raccoon.build.PackageStep;
import dev.raccoon.build.PlanStep;
import dev.raccoon.build.RequestSources;
import dev.raccoon.catalog.BuildEnds;
import dev.raccoon.catalog.BuildStore;
import dev.raccoon.catalog.LogStore;
import dev.raccoon.catalog.RequestStore;
import dev.raccoon.catalog.SearchStore;
import dev.raccoon.config.DataDirectory;
import dev.raccoon.config.Settings;
import dev.raccoon.config.SettingsException;
import dev.raccoon.coon.CoonRoutes;
import dev.raccoon.db.Database;
import dev.raccoon.db.DatabaseAddress;
import dev.raccoon.db.EmbeddedPostgres;
import dev.raccoon.db.Notifications;
import dev.raccoon.health.DiskSpace;
import dev.raccoon.health.HealthCheck;
import dev.raccoon.http.BuildAccess;
import dev.raccoon.http.Route;
import dev.raccoon.http.WebServer;
import dev.raccoon.metrics.BuildMetrics;
import dev.raccoon.metrics.MetricsRoutes;
import dev.raccoon.queue.QueueStore;
import dev.raccoon.queue.Worker;
import dev.raccoon.sandbox.Sandbox;
import dev.raccoon.sandbox.WorkFolder;
import dev.raccoon.source.ExampleRepository;
import dev.raccoon.source.Git;
import dev.raccoon.source.GitHosts;
import dev.raccoon.source.SourceFetcher;
import dev.raccoon.toolchain.OtpInstallations;
import dev.raccoon.toolchain.OtpSearch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
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
  private static final int MAX_MEMBERS = 50_000;

  private final Settings settings;
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final OtpInstallations installations;
  private final WebServer web;
  private final Optional<String> sandboxTrouble;

  private Server(Settings settings) throws IOException {
    this.settings = settings;
    try {
      DataDirectory data = opened(DataDirectory.take(settings.dataDirectory()));
      WorkFolder.delete(data.work());
      DatabaseAddress address = address(data);
      Database database = opened(Database.open(address, POOL_SIZE));
      Clock clock = Clock.systemUTC();

      BuildStore builds = new BuildStore(database.jdbi(), clock);
      RequestStore requests = new RequestStore(database.jdbi(), clock);
      SearchStore search = new SearchStore(database.jdbi());
      LogStore logs = new LogStore(database.jdbi());
      QueueStore queue = new QueueStore(database.jdbi());
      ArtifactStore artifacts = new FileArtifactStore(settings.artifacts());
      BuildMetrics metrics = new BuildMetrics();

      Git git = new Git(data.helpers().resolve("git"));
      GitHosts hosts = new GitHosts(sources(git, data));
      SourceFetcher fetcher = new SourceFetcher(git, hosts, settings.sources().fetchTimeout());
      installations = OtpInstallations.scan(otpSearch());
      Sandbox sandbox = opened(new Sandbox(data.helpers().resolve("sandbox")));
      sandboxTrouble = sandbox.trouble();

      RequestSources requestSources =
          new RequestSources(fetcher, builds, metrics, data.work().resolve("sources"));
      CompileStep compile =
          new CompileStep(sandbox, settings.toolchains().searchPath(), settings.builds().timeout());
      BuildRunner runner =
          new BuildRunner(
              new BuildRunner.Records(builds, logs, queue),
              artifacts,
              requestSources,
              new BuildRunner.Steps(
                  new PlanStep(
                      requestSources, installations, settings.toolchains().defaultOtp(), builds),
                  compile,
                  new PackageStep(
                      new Packer(
                          new PackageLimits(settings.builds().artifactLimitBytes(), MAX_MEMBERS)),
                      artifacts)),
              metrics,
              new BuildRunner.WorkPlace(
                  data.work().resolve("builds"), settings.builds().logLimitBytes()));
      DiskSpace disk = new DiskSpace(data.root(), settings.builds().minFreeDiskBytes());
      Worker worker =
          new Worker(
              queue,
              new Worker.Terms(
                  data.nodeId(),
                  settings.builds().slots(),
                  settings.builds().lease(),
                  settings.builds().shutdownGrace()),
              () -> sandboxTrouble.isEmpty() && disk.isEnough(),
              runner::run);
      BuildEnds ends = new BuildEnds(builds);
      Notifications notifications = opened(Notifications.open(address));
      parts.push(notifications.subscribe(QueueStore.QUEUED, payload -> worker.wake()));
      parts.push(notifications.subscribe(QueueStore.ENDED, payload -> ends.ended()));
      metrics.gauge("queue_waiting", "Builds that wait", () -> queue.depth().waiting());
      metrics.gauge("queue_running", "Builds that run", () -> queue.depth().running());
      metrics.gauge("slots_free", "Builds that could start now", worker::freeSlots);

      BuildAccess access = new BuildAccess(settings.http().host(), settings.http().openBuilds());
      BuildRequests buildRequests =
          new BuildRequests(requests, builds, hosts, fetcher, installations);
      HealthCheck health =
          new HealthCheck(
              database,
              artifacts,
              disk,
              new HealthCheck.Building(() -> sandboxTrouble, installations, compile::rebar3),
              clock);
      List<Route> routes =
          Stream.of(
                  CoonRoutes.of(
                      new CoonRoutes.Catalog(builds, search, logs, artifacts),
                      new CoonRoutes.Building(
                          access, buildRequests, ends, settings.builds().timeout().multipliedBy(2)),
                      metrics),
                  MetricsRoutes.of(metrics),
                  health.routes())
              .flatMap(List::stream)
              .toList();
      opened(worker).start();
      web = opened(WebServer.start(settings.http().host(), settings.http().port(), routes));
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Starts a server by {@code settings}; when this returns, it answers. */
  public static Server start(Settings settings) throws IOException {
    return new Server(settings);
  }

  /** The server's address, as a browser or curl takes it. */
  public String url() {
    return settings
        .http()
        .publicUrl()
        .orElseGet(() -> "http://" + settings.http().host() + ":" + web.port());
  }

  /** Where all that lasts is kept. */
  public Path dataDirectory() {
    return settings.dataDirectory();
  }

  /** The Erlang/OTP installations that were found. */
  public OtpInstallations installations() {
    return installations;
  }

  /** Why no build can run, if none can. */
  public Optional<String> sandboxTrouble() {
    return sandboxTrouble;
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
    return settings
        .databaseUrl()
        .map(Server::databaseAddress)
        .orElseGet(() -> opened(EmbeddedPostgres.start(data.postgres())).address());
  }

  private static DatabaseAddress databaseAddress(String url) {
    try {
      return DatabaseAddress.parse(url);
    } catch (IllegalArgumentException e) {
      throw new SettingsException("RACCOON_DATABASE_URL: " + e.getMessage());
    }
  }

  private Settings.Sources sources(Git git, DataDirectory data) throws IOException {
    List<Settings.Rewrite> rewrites = new ArrayList<>(settings.sources().rewrites());
    rewrites.add(ExampleRepository.make(git, data.helpers().resolve("example.git")));
    return new Settings.Sources(
        rewrites, settings.sources().hosts(), settings.sources().fetchTimeout());
  }

  private OtpSearch otpSearch() {
    Settings.Toolchains toolchains = settings.toolchains();
    return new OtpSearch(
        toolchains.searchPath(),
        OtpSearch.USUAL_ROOTS,
        toolchains.folders(),
        toolchains.kerlBase());
  }
}
