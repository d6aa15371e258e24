package dev.raccoon.build;

import dev.raccoon.artifact.FileArtifactStore;
import dev.raccoon.catalog.Build;
import dev.raccoon.catalog.BuildStore;
import dev.raccoon.catalog.DependencyStore;
import dev.raccoon.catalog.LeasedBuildStore;
import dev.raccoon.catalog.LogStore;
import dev.raccoon.catalog.Recorded;
import dev.raccoon.catalog.RequestStore;
import dev.raccoon.catalog.ResolutionStore;
import dev.raccoon.catalog.Wanted;
import dev.raccoon.config.Settings;
import dev.raccoon.db.TestDatabase;
import dev.raccoon.egress.EgressProxy;
import dev.raccoon.egress.EgressRules;
import dev.raccoon.egress.GitCopies;
import dev.raccoon.metrics.BuildMetrics;
import dev.raccoon.queue.Claims;
import dev.raccoon.queue.Fleets;
import dev.raccoon.queue.Lease;
import dev.raccoon.queue.QueueStore;
import dev.raccoon.sandbox.ControlGroups;
import dev.raccoon.sandbox.Sandbox;
import dev.raccoon.source.Git;
import dev.raccoon.source.GitHosts;
import dev.raccoon.source.SourceFetcher;
import dev.raccoon.source.TestEgress;
import dev.raccoon.testing.FixtureRepositories;
import dev.raccoon.testing.GitRepository;
import dev.raccoon.tool.BuildTools;
import dev.raccoon.tool.ElixirPrograms;
import dev.raccoon.tool.HexArchives;
import dev.raccoon.tool.ProgramSearch;
import dev.raccoon.tool.Rebar3Programs;
import dev.raccoon.tool.Trial;
import dev.raccoon.toolchain.OtpInstallations;
import dev.raccoon.toolchain.OtpSearch;
import dev.raccoon.value.BuildId;
import dev.raccoon.value.BuildLimits;
import dev.raccoon.value.CloneUrl;
import dev.raccoon.value.Limit;
import dev.raccoon.value.PackageName;
import dev.raccoon.value.Ref;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;

/**
 * A runner on a real database, with real repositories. It has no rebar3, so that a build which gets
 * as far as compiling fails there at once: TOOLCHAIN.
 */
final class BuildFixture implements AutoCloseable {
  private static final Duration LONG = Duration.ofMinutes(2);

  private final TestDatabase database = TestDatabase.fresh();
  final Jdbi jdbi = database.database().jdbi();
  final BuildStore builds = new BuildStore(jdbi);
  final LeasedBuildStore leased = new LeasedBuildStore(jdbi);
  final ResolutionStore resolutions = new ResolutionStore(jdbi, Clock.systemUTC());
  final LogStore logs = new LogStore(jdbi);
  final Path folder;
  final RequestSources sources;
  final BuildRunner runner;
  private final Sandbox sandbox;
  private final EgressProxy egress;

  /** Whether the disk has. */
  final AtomicBoolean hasSpace = new AtomicBoolean(true);

  final AtomicInteger doubts = new AtomicInteger();

  final BuildMetrics metrics = new BuildMetrics();

  /** With {@code target} for the code host. */
  BuildFixture(Path folder, String target) throws IOException {
    this(folder, target, true);
  }

  private BuildFixture(Path folder, String target, boolean databaseBeside) throws IOException {
    this.folder = folder;
    Settings usual = Settings.of(Map.of());
    BuildLimits limits = usual.builds().limits();
    this.sandbox =
        new Sandbox(
            folder.resolve("sandbox"),
            Sandbox.Mode.BUBBLEWRAP,
            ControlGroups.find("fixture", "no-such-folder"),
            limits);
    Trial trial = new Trial(sandbox, limits, folder.resolve("trials"), Clock.systemUTC());
    BuildTools tools =
        BuildTools.of(
            new Rebar3Programs(
                new ProgramSearch(List.of(), List.of()), folder.resolve("rebar3"), trial),
            new ElixirPrograms(new ProgramSearch(List.of(), List.of()), trial),
            new HexArchives(List.of(), trial));
    Settings.Sources settings =
        new Settings.Sources(
            List.of(new Settings.Rewrite("https://git.example.org/", target)), List.of(), LONG);
    this.egress = TestEgress.in(folder);
    SourceFetcher fetcher =
        new SourceFetcher(new Git(folder.resolve("git")), new GitHosts(settings), egress, LONG);
    FileArtifactStore artifacts = new FileArtifactStore(artifacts());
    this.sources =
        new RequestSources(
            fetcher, builds, metrics, folder.resolve("sources"), build -> request -> {});
    OtpInstallations otp =
        OtpInstallations.scan(
            new OtpSearch(List.of(), OtpSearch.USUAL_ROOTS, List.of(), Optional.empty()));
    this.runner =
        new BuildRunner(
            new BuildRunner.Records(
                builds, leased, logs, new QueueStore(jdbi), new DependencyStore(jdbi)),
            artifacts,
            sources,
            new BuildRunner.Steps(
                new PlanStep(
                    sources,
                    () -> otp,
                    Fleets.with(jdbi, () -> otp),
                    Optional.empty(),
                    tools,
                    resolutions),
                sandbox,
                new PrepareStep(
                    new WayOut(
                        egress,
                        GitCopies.NONE,
                        url -> EgressRules.forBuild(usual.egress(), settings, url),
                        build -> request -> {})),
                new PackageStep(100, artifacts)),
            metrics,
            new BuildRunner.WorkPlace(
                work(),
                name -> limits.with(Map.of(Limit.LOG, 1L << 20, Limit.ARTIFACT, 1L << 20)),
                new BuildRunner.Disk(hasSpace::get, databaseBeside),
                doubts::incrementAndGet));
  }

  /** With that folder for the code host in which {@link #demo} makes its repository. */
  static BuildFixture ofFolders(Path folder) throws IOException {
    return new BuildFixture(folder, origins(folder) + "/");
  }

  /** The same, and its database is another machine's. */
  static BuildFixture withOutsideDatabase(Path folder) throws IOException {
    return new BuildFixture(folder, origins(folder) + "/", false);
  }

  /** The project {@code demo} at the code host. */
  static GitRepository demo(Path folder) throws IOException {
    return new FixtureRepositories(origins(folder)).make("demo");
  }

  private static Path origins(Path folder) {
    return folder.resolve("origins");
  }

  Path work() {
    return folder.resolve("builds");
  }

  Path artifacts() {
    return folder.resolve("artifacts");
  }

  /** The fetched repositories of {@code build}'s request. */
  List<Path> sources(Build build) throws IOException {
    Path kept = folder.resolve("sources").resolve(build.request().toString());
    if (!Files.exists(kept)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(kept)) {
      return all.toList();
    }
  }

  /** A request's waiting builds; an empty ref is the newest tag. */
  List<Build> ask(String... refs) {
    List<Wanted.OrBuilt> wanted =
        Arrays.stream(refs)
            .map(ref -> Optional.of(ref).filter(name -> !name.isEmpty()).map(Ref::new))
            .map(ref ->
                new Wanted.OrBuilt(
                    new Wanted(ref, Optional.empty()), Optional.empty(), Optional.empty()))
            .toList();
    var recorded =
        new RequestStore(jdbi, Clock.systemUTC())
            .record(
                new RequestStore.NewRequest(
                    new PackageName("acme", "demo"),
                    CloneUrl.parse("https://git.example.org/demo.git"),
                    Build.Origin.API,
                    wanted));
    return ((Recorded.Accepted) recorded).builds().stream().map(this::find).toList();
  }

  Build find(BuildId id) {
    return builds.find(id).orElseThrow();
  }

  /** Claims what waits, even if its pause is not over. */
  Lease claim() {
    sql("update build set not_before = now() - interval '1 second'");
    return Claims.next(jdbi);
  }

  /** From now on, no build gets as far as to be fetched: what is written then does not fit in. */
  void fillDatabase() {
    sql(
        """
        create function full_disk() returns trigger language plpgsql as
        $$ begin raise exception 'could not extend file' using errcode = '53100'; end $$
        """);
    sql(
        "create trigger full_disk before update of stage on build"
            + " for each row when (new.stage = 'fetch') execute function full_disk()");
  }

  void sql(String statement) {
    jdbi.useHandle(handle -> handle.execute(statement));
  }

  @Override
  public void close() {
    sandbox.close();
    egress.close();
    database.close();
  }
}
