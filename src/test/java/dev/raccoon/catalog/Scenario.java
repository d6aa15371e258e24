package dev.raccoon.catalog;

import dev.raccoon.catalog.ResolutionStore.Resolved;
import dev.raccoon.db.DatabaseAddress;
import dev.raccoon.db.TestDatabase;
import dev.raccoon.queue.Claims;
import dev.raccoon.queue.Lease;
import dev.raccoon.value.BuildId;
import dev.raccoon.value.CloneUrl;
import dev.raccoon.value.OtpSelector;
import dev.raccoon.value.OtpVersion;
import dev.raccoon.value.PackageName;
import dev.raccoon.value.Ref;
import dev.raccoon.value.Sha256;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/** The stores on a database of their own, and short ways to bring builds into each state. */
public final class Scenario implements AutoCloseable {
  public static final PackageName DEMO = new PackageName("acme", "demo");
  static final StoredLog LOG = new StoredLog(new Sha256("ab".repeat(32)), 10);

  private final TestDatabase test;
  public final Jdbi jdbi;
  public final RequestStore requests;
  public final BuildStore builds;
  public final LeasedBuildStore leased;
  public final ResolutionStore resolutions;
  public final LogStore logs;
  final SearchStore search;

  public Scenario() {
    this(TestDatabase.fresh());
  }

  /** On a database that is there, which is closed with this. */
  public Scenario(TestDatabase test) {
    this.test = test;
    this.jdbi = test.database().jdbi();
    this.requests = new RequestStore(jdbi, Clock.systemUTC());
    this.builds = new BuildStore(jdbi);
    this.leased = new LeasedBuildStore(jdbi);
    this.resolutions = new ResolutionStore(jdbi, Clock.systemUTC());
    this.logs = new LogStore(jdbi);
    this.search = new SearchStore(jdbi);
  }

  /** Where the database is. */
  public DatabaseAddress address() {
    return test.address();
  }

  static CloneUrl url(PackageName name) {
    return CloneUrl.parse("https://git.example.org/" + name + ".git");
  }

  public static Wanted wanted(String ref, String otp) {
    return new Wanted(
        Optional.of(ref).filter(r -> !r.isEmpty()).map(Ref::new),
        Optional.of(otp).filter(o -> !o.isEmpty()).map(OtpSelector::parse));
  }

  static Artifact artifact(String application, boolean main) {
    return new Artifact(
        application, "ep", "1.0.0", main, new Sha256("cd".repeat(32)), 4096, Optional.empty());
  }

  /** Forty digits that begin with those of {@code number}. */
  static String commit(int number) {
    return "%040x".formatted(number);
  }

  public static Resolved tag(String ref, int commit, String otp, String... others) {
    return new Resolved(
        new Ref(ref),
        "TAG",
        commit(commit),
        new OtpVersion(otp),
        Arrays.stream(others).map(OtpSelector::parse).toList());
  }

  Recorded record(PackageName name, CloneUrl url, Build.Origin origin, Wanted... wanted) {
    List<Wanted.OrBuilt> entries =
        Arrays.stream(wanted)
            .map(w -> new Wanted.OrBuilt(w, Optional.empty(), Optional.empty()))
            .toList();
    return requests.record(new RequestStore.NewRequest(name, url, origin, entries));
  }

  public Recorded.Accepted ask(PackageName name, Wanted... wanted) {
    return (Recorded.Accepted) record(name, url(name), Build.Origin.API, wanted);
  }

  public Recorded.Accepted rebuild(PackageName name, Wanted... wanted) {
    return (Recorded.Accepted) record(name, url(name), Build.Origin.REBUILD, wanted);
  }

  /**
   * A build of {@code namespace/name} that waits, for {@code otp} or, if that is empty, for any.
   */
  public BuildId waiting(String name, Build.Origin origin, String otp) {
    PackageName full = PackageName.parse(name);
    Recorded recorded = record(full, url(full), origin, wanted("1.0.0", otp));
    return ((Recorded.Accepted) recorded).builds().getFirst();
  }

  /** A build that waits. */
  public BuildId queued(String ref) {
    return ask(DEMO, wanted(ref, "25")).builds().getFirst();
  }

  public Lease claim() {
    return Claims.next(jdbi);
  }

  /** Asks for a build and has it end well, as the newest of all. */
  public BuildId good(PackageName name, Resolved resolved) {
    ask(name, wanted(resolved.ref().name(), resolved.otp().text()));
    return succeed(resolved);
  }

  /** Claims the next build and has it end well. */
  BuildId succeed(Resolved resolved) {
    Lease lease = claim();
    resolutions.resolve(lease, resolved);
    leased.succeed(lease, "A demo", List.of(artifact("demo", true)), LOG);
    return lease.build();
  }

  public Build find(BuildId id) {
    return builds.find(id).orElseThrow();
  }

  public void sql(String statement, Object... values) {
    jdbi.useHandle(handle -> handle.execute(statement, values));
  }

  long count(String from, Object... values) {
    return jdbi.withHandle(
        handle -> handle.select("select count(*) from " + from, values).mapTo(Long.class).one());
  }

  /** Every table's rows as text, to tell whether anything has changed. */
  List<String> everything() {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(
                """
                select 'package ' || p::text from package p union all
                select 'version ' || v::text from version v union all
                select 'request ' || r::text from request r union all
                select 'build ' || b::text from build b union all
                select 'request_build ' || r::text from request_build r union all
                select 'artifact ' || a::text from artifact a union all
                select 'ended_builds ' || e::text from ended_builds e union all
                select 'log_chunk ' || l::text from log_chunk l
                order by 1
                """)
            .mapTo(String.class)
            .list());
  }

  List<BuildId> ids(List<BuildSummary> rows) {
    return rows.stream().map(BuildSummary::id).toList();
  }

  BuildId unknown() {
    return new BuildId(UUID.randomUUID());
  }

  @Override
  public void close() {
    test.close();
  }
}
