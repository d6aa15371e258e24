package dev.raccoon;

import com.sun.management.OperatingSystemMXBean;
import dev.raccoon.access.Authentication;
import dev.raccoon.admin.AdminRoutes;
import dev.raccoon.artifact.ArtifactStore;
import dev.raccoon.artifact.FileArtifactStore;
import dev.raccoon.artifact.S3ArtifactStore;
import dev.raccoon.build.BuildRequests;
import dev.raccoon.build.BulkFeeder;
import dev.raccoon.cache.FileCache;
import dev.raccoon.catalog.BuildEnds;
import dev.raccoon.catalog.BulkStore;
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
import dev.raccoon.health.DiskSpace;
import dev.raccoon.health.HealthCheck;
import dev.raccoon.http.BuildAccess;
import dev.raccoon.http.CallerCheck;
import dev.raccoon.http.Route;
import dev.raccoon.http.WebServer;
import dev.raccoon.metrics.BuildMetrics;
import dev.raccoon.otp.OtpInstallStore;
import dev.raccoon.queue.Fleet;
import dev.raccoon.queue.Node;
import dev.raccoon.queue.QueueControlStore;
import dev.raccoon.queue.QueueStore;
import dev.raccoon.queue.RecentStanding;
import dev.raccoon.queue.Worker;
import dev.raccoon.retention.DailyRetention;
import dev.raccoon.retention.LastDownloads;
import dev.raccoon.retention.Retention;
import dev.raccoon.sandbox.ControlGroups;
import dev.raccoon.sandbox.Sandbox;
import dev.raccoon.sandbox.WorkFolder;
import dev.raccoon.toolchain.OtpInstallation;
import dev.raccoon.toolchain.OtpInstallations;
import dev.raccoon.toolchain.OtpInventory;
import dev.raccoon.toolchain.OtpSearch;
import dev.raccoon.value.Limit;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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
  private static final Duration RETENTION_PAUSE = Duration.ofSeconds(10);
  private static final Duration DOWNLOADS_PAUSE = Duration.ofMinutes(1);

  private final Settings settings;
  private final Role role;
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final BuildMetrics metrics = new BuildMetrics();
  private final CompletableFuture<Void> databaseLost = new CompletableFuture<>();
  private final OtpInventory installations;
  private final Fleet fleet;
  private final Optional<BuildNode> building;
  private final Optional<WebServer> web;

  private Server(Settings settings, Role role) throws IOException {
    this.settings = settings;
    this.role = role;
    try {
      requireShared();
      DataDirectory data = opened(DataDirectory.take(settings.dataDirectory()));
      // Before anything else is started: it may move this process.
      Optional<ControlGroups> groups =
          role.builds() ? Optional.of(opened(groups(data))) : Optional.empty();
      Sandbox.killStrays(data.work());
      WorkFolder.empty(data.work());
      DatabaseAddress address = address(data);
      Database database = opened(Database.open(address, POOL_SIZE));
      Stores stores = Stores.in(database.jdbi(), opened(artifacts(data)));
      installations = new OtpInventory(otpSearch(data), Clock.systemUTC());
      DiskSpace disk = new DiskSpace(data.root(), settings.builds().minFreeDiskBytes());
      fleet =
          new Fleet(
              stores.administration().queue().nodes(), () -> announcement(data.nodeId(), disk));
      Sourcing sourcing = opened(new Sourcing(settings, data));
      building =
          groups.isPresent()
              ? Optional.of(
                  opened(
                      new BuildNode(
                          settings,
                          new BuildNode.Ground(data, stores, sourcing, fleet, installations, disk),
                          groups.get(),
                          metrics)))
              : Optional.empty();
      Worker worker = worker(data, stores.queue());
      BuildEnds ends = new BuildEnds(stores.builds());
      BulkFeeder bulks = new BulkFeeder(stores.administration().bulks().feed(), fleet);
      listen(Notifications.open(address), worker, ends, bulks);
      gauges(stores.administration().queue().control(), worker);
      opened(worker).start(lost -> metrics.infrastructure(lost.again(), lost.givenUp()));
      opened(bulks).start();
      building.ifPresent(BuildNode::start);
      removeOldBuilds(stores);
      HealthCheck health =
          new HealthCheck(
              new HealthCheck.Vital(database, stores.artifacts(), disk, worker::works),
              building.map(BuildNode::health),
              fleet::nodesUp,
              Clock.systemUTC());
      web =
          role.answers()
              ? Optional.of(opened(web(data, stores, requests(stores, sourcing), ends, health)))
              : Optional.empty();
      // Closed first: nothing is begun while those that wait for an answer get one.
      parts.push(worker::beginNothingMore);
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** What builds elsewhere must be able to read what this one builds, and the other way round. */
  private void requireShared() {
    if (role == Role.BUILD && settings.databaseUrl().isEmpty()) {
      throw new SettingsException(
          "A worker needs the database of the servers that answer: set RACCOON_DATABASE_URL.");
    }
    ArtifactPlace own = new ArtifactPlace.Folder(settings.dataDirectory().resolve("artifacts"));
    if (role == Role.BUILD && settings.artifacts().place().equals(own)) {
      throw new SettingsException(
          "A worker needs the artifact store of the servers that answer: set RACCOON_ARTIFACTS.");
    }
  }

  private ControlGroups groups(DataDirectory data) throws IOException {
    ControlGroups groups =
        ControlGroups.find(data.nodeId().toString(), settings.builds().controlGroup());
    groups.sweep();
    return groups;
  }

  /** Without anything to build with where nothing can be built; that is told by its slots. */
  private Node.Announcement announcement(UUID node, DiskSpace disk) {
    return new Node.Announcement(
        node,
        Machine.name(),
        Machine.processor(),
        version(),
        building.map(BuildNode::canBuild).orElse(false) ? settings.builds().slots() : 0,
        building.isPresent()
            ? installations.get().all().stream().map(OtpInstallation::version).toList()
            : List.of(),
        disk.shortage());
  }

  /** A node that does not build claims nothing, and sees to what others have lost all the same. */
  private Worker worker(DataDirectory data, QueueStore queue) {
    Settings.Builds builds = settings.builds();
    return new Worker(
        queue,
        fleet,
        new Worker.Terms(
            data.nodeId(),
            role.builds() ? builds.slots() : 0,
            builds.lease(),
            builds.shutdownGrace()),
        () -> building.map(BuildNode::mayStart).orElse(false),
        lease -> building.orElseThrow().run(lease));
  }

  private void removeOldBuilds(Stores stores) {
    if (settings.retention().any()) {
      AdminRoutes.Records records = stores.administration();
      Retention retention =
          new Retention(
              records.retention(), records.digests(), settings.retention(), Clock.systemUTC());
      opened(
          new DailyRetention(records.retention(), retention, stores.artifacts(), RETENTION_PAUSE));
    }
  }

  private void listen(
      Notifications notifications, Worker worker, BuildEnds ends, BulkFeeder bulks) {
    parts.push(notifications);
    parts.push(notifications.subscribe(QueueStore.QUEUED, payload -> worker.wake()));
    parts.push(notifications.subscribe(QueueStore.CANCEL, payload -> worker.cancel()));
    parts.push(notifications.subscribe(QueueStore.ENDED, payload -> ends.ended()));
    parts.push(notifications.subscribe(BulkStore.ASKED, payload -> bulks.wake()));
    building.ifPresent(
        node -> parts.push(notifications.subscribe(OtpInstallStore.ASKED, payload -> node.wake())));
  }

  private BuildRequests requests(Stores stores, Sourcing sourcing) {
    return new BuildRequests(
        stores.requests(), stores.builds(), sourcing.hosts(), sourcing.fetcher(), fleet);
  }

  private WebServer web(
      DataDirectory data, Stores stores, BuildRequests requests, BuildEnds ends, HealthCheck health)
      throws IOException {
    return WebServer.start(
        settings.http(), routes(data, stores, requests, ends, health), CoonRoutes::traffic);
  }

  private void gauges(QueueControlStore queue, Worker worker) {
    RecentStanding now = new RecentStanding(queue, fleet::builders, Clock.systemUTC());
    metrics.gauge("queue_waiting", "Builds that wait", () -> now.get().waiting());
    metrics.gauge("queue_running", "Builds that run", () -> now.get().running());
    metrics.gauge(
        "queue_stuck", "Builds that wait and that no node can take", () -> now.get().stuck());
    metrics.gauge(
        "queue_paused",
        "Whether an administrator has paused the queue",
        () -> now.get().pause().isPresent() ? 1 : 0);
    metrics.gauge("slots_free", "Builds that could start now", worker::freeSlots);
    metrics.gauge("nodes_up", "Nodes that are up and take builds", fleet::nodesUp);
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
            stores.dependencies(),
            opened(new LastDownloads(stores.downloads(), DOWNLOADS_PAUSE, Clock.systemUTC())),
            administration.queue().control(),
            fleet);
    CoonRoutes.Building building =
        new CoonRoutes.Building(
            access,
            requests,
            administration.queue().cancels(),
            ends,
            settings.builds().limits().time(Limit.TIME).multipliedBy(2));
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
    return start(settings, Role.SERVE);
  }

  /** The same, for a server that does only {@code role}. */
  public static Server start(Settings settings, Role role) throws IOException {
    return new Server(settings, role);
  }

  /** The server's address, as a browser or curl takes it; empty where it does not answer. */
  public Optional<String> url() {
    Settings.Http http = settings.http();
    return web.map(server ->
        http.publicUrl().orElseGet(() -> "http://" + http.reachableHost() + ":" + server.port()));
  }

  /** The version of this program. */
  static String version() {
    String version = Server.class.getPackage().getImplementationVersion();
    return version == null ? "(built from source)" : version;
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
    return building.map(BuildNode::sandboxDescription).orElse("none: other nodes build");
  }

  /** What is wrong where builds may together take more memory than this machine has. */
  public Optional<String> memoryShortage() {
    long most = settings.builds().mostMemoryBytes();
    OperatingSystemMXBean machine =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    long here = machine.getTotalMemorySize() + machine.getTotalSwapSpaceSize();
    return building.isEmpty() || most <= here
        ? Optional.empty()
        : Optional.of(
            "%d builds at once may take %d MiB, and this machine has %d MiB with its swap: lower RACCOON_BUILD_SLOTS, RACCOON_BUILD_MEMORY or RACCOON_BUILD_DISK."
                .formatted(settings.builds().slots(), most >> 20, here >> 20));
  }

  /** Why no build can run, if none can. */
  public Optional<String> sandboxTrouble() {
    return building.flatMap(BuildNode::sandboxTrouble);
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

  private ArtifactStore artifacts(DataDirectory data) throws IOException {
    return switch (settings.artifacts().place()) {
      case ArtifactPlace.Folder(Path folder) -> new FileArtifactStore(folder);
      case ArtifactPlace.Bucket bucket -> {
        FileCache cache =
            new FileCache(
                data.cache().resolve("artifacts"),
                CacheShares.of(settings).artifacts(),
                Clock.systemUTC());
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

  private OtpSearch otpSearch(DataDirectory data) {
    Settings.Toolchains toolchains = settings.toolchains();
    return new OtpSearch(
        toolchains.searchPath(),
        OtpSearch.USUAL_ROOTS,
        toolchains.folders(),
        Optional.of(BuildNode.kerlBase(settings, data.root())));
  }
}
