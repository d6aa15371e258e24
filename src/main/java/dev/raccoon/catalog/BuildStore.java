package dev.raccoon.catalog;

import dev.raccoon.queue.Lease;
import dev.raccoon.queue.LostLeaseException;
import dev.raccoon.queue.QueueStore;
import dev.raccoon.value.BuildId;
import dev.raccoon.value.OtpSelector;
import dev.raccoon.value.OtpVersion;
import dev.raccoon.value.PackageName;
import dev.raccoon.value.Ref;
import dev.raccoon.value.TimeOrderedId;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Update;

/**
 * Builds' records. Whatever a node writes of a build it does under its {@link Lease}; once that is
 * lost, every method that takes one throws {@link LostLeaseException} and changes nothing.
 */
public final class BuildStore {
  private static final String VERSION =
      """
      insert into version (id, package_id, ref, ref_kind, commit, accepted)
      select :id, b.package_id, :ref, :kind, :commit,
             :kind <> 'TAG' or not exists (
               select 1 from version v where v.package_id = b.package_id and v.ref = :ref and v.ref_kind = 'TAG')
      from build b where b.id = :build and b.lease = :lease
      on conflict (package_id, ref, commit) do update set commit = excluded.commit
      returning id
      """;

  private static final String SPLIT =
      """
      insert into build (id, request_id, package_id, asked_ref, asked_otp, ref, otp_major, priority)
      select :id, request_id, package_id, asked_ref, :otp, ref, :major, priority
      from build where id = :build
      """;

  private static final String BUILT =
      """
      select b.id from build b
      where b.version_id = :version and b.otp_version = :otp and b.state = 'SUCCEEDED' and b.same_as is null
        and exists (select 1 from build mine join request r on r.id = mine.request_id
                    where mine.id = :build and r.origin <> 'REBUILD')
      order by b.finished_at desc, b.id desc limit 1
      """;

  private static final String END =
      """
      update build set state = :state, failure = :failure, message = :message, same_as = cast(:same as uuid),
          log_digest = :digest, log_size = :size, finished_at = now(), lease = null, lease_until = null, stage = null
      where id = :build and lease = :lease
      """;

  private final Jdbi jdbi;
  private final Clock clock;

  /** Builds in the database of {@code jdbi}; {@code clock} orders new ids. */
  public BuildStore(Jdbi jdbi, Clock clock) {
    this.jdbi = jdbi;
    this.clock = clock;
  }

  /** The build with that id, if there is one. */
  public Optional<Build> find(BuildId id) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(BuildRow.SELECT + " where b.id = :id")
            .bind("id", id.uuid())
            .map((row, context) -> BuildRow.read(row))
            .findOne());
  }

  /**
   * The builds that answer a request, those that its placeholders split into included, oldest
   * first.
   */
  public List<Build> answering(UUID request) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(
                BuildRow.SELECT
                    + """
                     where b.id in (select build_id from request_build where request_id = :request)
                     order by b.id
                    """)
            .bind("request", request)
            .map((row, context) -> BuildRow.read(row))
            .list());
  }

  /**
   * What a build made; of a build that turned out to be built already, what that one made. Main
   * ones first.
   */
  public List<Artifact> artifacts(BuildId id) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(
                """
                select a.* from build b join artifact a on a.build_id = coalesce(b.same_as, b.id)
                where b.id = :id order by a.main desc, a.application, a.format
                """)
            .bind("id", id.uuid())
            .map((row, context) -> ArtifactRow.read(row))
            .list());
  }

  /** The newest good build of exactly this, and the commit that it was built from. */
  public Optional<Built> newestGood(PackageName name, Ref ref, OtpVersion otp) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(
                """
                select b.id, v.commit from build b join version v on v.id = b.version_id
                  join package p on p.id = b.package_id
                where lower(p.namespace) = lower(:namespace) and lower(p.name) = lower(:name)
                  and b.ref = :ref and b.otp_version = :otp and b.state = 'SUCCEEDED' and b.same_as is null
                order by b.finished_at desc, b.id desc limit 1
                """)
            .bind("namespace", name.namespace())
            .bind("name", name.name())
            .bind("ref", ref.name())
            .bind("otp", otp.text())
            .map((row, context) ->
                new Built(new BuildId(row.getObject("id", UUID.class)), row.getString("commit")))
            .findOne());
  }

  /** A good build with its commit. */
  public record Built(BuildId build, String commit) {}

  /** The refs that a request's builds ask for: what one fetch of it must bring. */
  public Set<Optional<Ref>> askedRefs(UUID request) {
    return new HashSet<>(
        jdbi.withHandle(handle ->
            handle
                .createQuery("select distinct asked_ref from build where request_id = :request")
                .bind("request", request)
                .map((row, context) -> BuildRow.text(row, "asked_ref").map(Ref::new))
                .list()));
  }

  /** Whether a build of {@code request} still waits or runs. */
  public boolean hasLive(UUID request) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(
                "select exists (select 1 from build where request_id = :request and state in ('QUEUED', 'RUNNING'))")
            .bind("request", request)
            .mapTo(Boolean.class)
            .one());
  }

  /** Says what a running build is at. */
  public void stage(Lease lease, String stage) {
    jdbi.useHandle(handle ->
        fenced(
            lease,
            handle
                .createUpdate(
                    "update build set stage = :stage where id = :build and lease = :lease")
                .bind("stage", stage)));
  }

  /**
   * What a placeholder came to: a ref with the commit that it names, and the OTP versions to build
   * it for.
   */
  public record Resolved(
      Ref ref, String refKind, String commit, OtpVersion otp, List<OtpSelector> others) {}

  /**
   * Gives a build its version and its OTP; the other OTP versions that its repository lists become
   * builds of the same request, once. Answers the good build of the very same, if there is one and
   * no new one is wanted.
   */
  public Optional<BuildId> resolve(Lease lease, Resolved resolved) {
    return jdbi.inTransaction(handle -> {
      UUID version = version(handle, lease, resolved);
      boolean first = unresolved(handle, lease);
      fenced(
          lease,
          handle
              .createUpdate(
                  """
                  update build set ref = :ref, version_id = :version, otp_version = :otp, otp_major = :major
                  where id = :build and lease = :lease
                  """)
              .bind("ref", resolved.ref().name())
              .bind("version", version)
              .bind("otp", resolved.otp().text())
              .bind("major", resolved.otp().major()));
      if (first) {
        resolved.others().forEach(otp -> split(handle, lease, otp));
      }
      return handle
          .createQuery(BUILT)
          .bind("version", version)
          .bind("otp", resolved.otp().text())
          .bind("build", lease.build().uuid())
          .mapTo(UUID.class)
          .findOne()
          .map(BuildId::new);
    });
  }

  private UUID version(Handle handle, Lease lease, Resolved resolved) {
    return handle
        .createQuery(VERSION)
        .bind("id", TimeOrderedId.next(clock))
        .bind("ref", resolved.ref().name())
        .bind("kind", resolved.refKind())
        .bind("commit", resolved.commit())
        .bind("build", lease.build().uuid())
        .bind("lease", lease.token())
        .mapTo(UUID.class)
        .findOne()
        .orElseThrow(() -> new LostLeaseException(lease));
  }

  private static boolean unresolved(Handle handle, Lease lease) {
    return handle
        .createQuery("select version_id is null from build where id = :build")
        .bind("build", lease.build().uuid())
        .mapTo(Boolean.class)
        .one();
  }

  private void split(Handle handle, Lease lease, OtpSelector otp) {
    UUID id = TimeOrderedId.next(clock);
    handle
        .createUpdate(SPLIT)
        .bind("id", id)
        .bind("otp", otp.toString())
        .bind("major", otp.asked().major())
        .bind("build", lease.build().uuid())
        .execute();
    handle
        .createUpdate(
            """
            insert into request_build (request_id, build_id)
            select request_id, :id from request_build where build_id = :build
            """)
        .bind("id", id)
        .bind("build", lease.build().uuid())
        .execute();
    handle.createUpdate("notify " + QueueStore.QUEUED).execute();
  }

  /** Ends a build well, with what it made. */
  public void succeed(Lease lease, String description, List<Artifact> artifacts, StoredLog log) {
    jdbi.useTransaction(handle -> {
      end(handle, lease, new Ending(BuildState.SUCCEEDED, null, "", null), log);
      var batch =
          handle.prepareBatch(
              """
              insert into artifact (build_id, application, format, app_vsn, main, digest, size)
              values (:build, :application, :format, :vsn, :main, :digest, :size)
              """);
      for (Artifact artifact : artifacts) {
        batch
            .bind("build", lease.build().uuid())
            .bind("application", artifact.application())
            .bind("format", artifact.format())
            .bind("vsn", artifact.appVsn())
            .bind("main", artifact.main())
            .bind("digest", artifact.digest().hex())
            .bind("size", artifact.sizeBytes())
            .add();
      }
      batch.execute();
      handle
          .createUpdate(
              "update package set description = :text where id = (select package_id from build where id = :build)")
          .bind("text", description)
          .bind("build", lease.build().uuid())
          .execute();
    });
  }

  /**
   * Ends a build that turned out to be {@code built} already: it stands for that one from now on.
   */
  public void succeedAs(Lease lease, BuildId built, StoredLog log) {
    Ending ending =
        new Ending(
            BuildState.SUCCEEDED, null, "Built already, by build " + built + ".", built.uuid());
    jdbi.useTransaction(handle -> end(handle, lease, ending, log));
  }

  /** Ends a build badly, for a reason in a sentence. */
  public void fail(Lease lease, FailureKind kind, String message, StoredLog log) {
    Ending ending = new Ending(BuildState.FAILED, kind, message, null);
    jdbi.useTransaction(handle -> end(handle, lease, ending, log));
  }

  /** Puts a build back that failed for a reason of ours, to be tried again after {@code pause}. */
  public void tryAgain(Lease lease, Duration pause, String message) {
    jdbi.useHandle(handle ->
        fenced(
            lease,
            handle
                .createUpdate(
                    """
                    update build set state = 'QUEUED', lease = null, lease_until = null, stage = null,
                        message = :message, not_before = now() + :seconds * interval '1 second'
                    where id = :build and lease = :lease
                    """)
                .bind("message", message)
                .bind("seconds", pause.toMillis() / 1000.0)));
  }

  private record Ending(
      BuildState state,
      @org.jspecify.annotations.Nullable FailureKind failure,
      String message,
      @org.jspecify.annotations.Nullable UUID sameAs) {}

  private static void end(Handle handle, Lease lease, Ending ending, StoredLog log) {
    fenced(
        lease,
        handle
            .createUpdate(END)
            .bind("state", ending.state())
            .bind("failure", ending.failure())
            .bind("message", ending.message())
            .bind("same", ending.sameAs())
            .bind("digest", log.digest().hex())
            .bind("size", log.sizeBytes()));
    handle
        .createUpdate("delete from log_chunk where build_id = :build")
        .bind("build", lease.build().uuid())
        .execute();
    handle
        .createQuery("select pg_notify(:channel, :build)")
        .bindMap(Map.of("channel", QueueStore.ENDED, "build", lease.build().toString()))
        .mapTo(String.class)
        .list();
  }

  private static void fenced(Lease lease, Update update) {
    int rows = update.bind("build", lease.build().uuid()).bind("lease", lease.token()).execute();
    if (rows == 0) {
      throw new LostLeaseException(lease);
    }
  }
}
