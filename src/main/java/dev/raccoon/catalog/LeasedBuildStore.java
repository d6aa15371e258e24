package dev.raccoon.catalog;

import dev.raccoon.queue.Lease;
import dev.raccoon.queue.LostLeaseException;
import dev.raccoon.queue.QueueStore;
import dev.raccoon.value.BuildId;
import dev.raccoon.value.OtpSelector;
import dev.raccoon.value.OtpVersion;
import dev.raccoon.value.Ref;
import dev.raccoon.value.TimeOrderedId;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/**
 * What a node writes of a build that it runs, under its {@link Lease}. Once that is lost, every
 * method here throws {@link LostLeaseException} and changes nothing.
 */
public final class LeasedBuildStore {
  /**
   * Holds the package, as a request does that is being recorded: no request joins a placeholder
   * while it splits.
   */
  private static final String HOLD =
      """
      select b.version_id is null as first from build b join package p on p.id = b.package_id
      where b.id = :build and b.lease = :lease
      for no key update of p
      """;

  private static final String VERSION =
      """
      insert into version (id, package_id, ref, ref_kind, commit, accepted)
      select :id, b.package_id, :ref, :kind, :commit, :kind <> 'TAG'
      from build b where b.id = :build
      on conflict (package_id, ref, commit) do update set commit = excluded.commit
      returning id
      """;

  /** The other commit of a tag that is served. */
  private static final String SERVED =
      """
      select served.commit from version v
        join version served on served.package_id = v.package_id and served.ref = v.ref
      where v.id = :version and v.ref_kind = 'TAG' and not v.accepted
        and served.ref_kind = 'TAG' and served.accepted
      limit 1
      """;

  /**
   * The first commit of a tag that is built well is the one that is served. Of two at once, one
   * comes first: whoever ends a build holds its package, which counts the ended ones.
   */
  private static final String ACCEPT =
      """
      update version v set accepted = true
      from build b where b.id = :build and v.id = b.version_id and not v.accepted
        and not exists (
          select 1 from version served
          where served.package_id = v.package_id and served.ref = v.ref
            and served.ref_kind = 'TAG' and served.accepted)
      """;

  private static final String RESOLVE =
      """
      update build set ref = :ref, version_id = :version, otp_version = :otp, otp_major = :major
      where id = :build and lease = :lease
      """;

  /**
   * A build of the same commit and OTP that waits or runs. One that has found another commit is not
   * of the same; and who wants a new build gets new ones.
   */
  private static final String LIVE =
      """
      select other.id from build mine
        join request r on r.id = mine.request_id and r.origin <> 'REBUILD'
        join build other on other.package_id = mine.package_id and other.id <> mine.id
      where mine.id = :build and other.state in ('QUEUED', 'RUNNING')
        and (other.asked_ref = mine.ref or other.ref = mine.ref)
        and (other.asked_otp = :otp or other.otp_version = :otp)
        and (other.version_id is null or other.version_id = mine.version_id)
      order by other.queued_at, other.id limit 1
      """;

  /** A split asks for the ref that was found, or a newer tag could become its newest. */
  private static final String SPLIT =
      """
      insert into build (id, request_id, package_id, asked_ref, asked_otp, ref, otp_major, priority)
      select :id, request_id, package_id, ref, :otp, ref, :major, priority from build where id = :build
      """;

  private static final String ANSWER =
      """
      with split as (insert into split (placeholder_id, build_id) values (:build, :split) on conflict do nothing)
      insert into request_build (request_id, build_id)
      select request_id, :split from request_build where build_id = :build
      on conflict do nothing
      """;

  private static final String BUILT =
      """
      select b.id from build b
      where b.version_id = :version and b.otp_version = :otp and b.state = 'SUCCEEDED' and b.same_as is null
        and exists (select 1 from build mine join request r on r.id = mine.request_id
                    where mine.id = :build and r.origin <> 'REBUILD')
      order by b.finished_at desc, b.id desc limit 1
      """;

  private static final String TRY_AGAIN =
      """
      update build set state = 'QUEUED', lease = null, lease_until = null, node = null, started_at = null,
          stage = null, message = :message, not_before = now() + :seconds * interval '1 second'
      where id = :build and lease = :lease
      """;

  private static final String END =
      """
      update build set state = :state, failure = :failure, message = :message, same_as = cast(:same as uuid),
          log_digest = :digest, log_size = :size, finished_at = now(), lease = null, lease_until = null, stage = null
      where id = :build and lease = :lease
      """;

  private static final String ARTIFACT =
      """
      insert into artifact (build_id, application, format, app_vsn, main, digest, size)
      values (:build, :application, :format, :vsn, :main, :digest, :size)
      """;

  private static final String DESCRIBE =
      """
      update package set description = :text
      where id = (select package_id from build where id = :build) and description <> :text
      """;

  private final Jdbi jdbi;
  private final Clock clock;

  /** Builds in the database of {@code jdbi}; {@code clock} orders new ids. */
  public LeasedBuildStore(Jdbi jdbi, Clock clock) {
    this.jdbi = jdbi;
    this.clock = clock;
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
   * What is known of a version from before.
   *
   * @param built the good build of the very same, if there is one and no new one is wanted
   * @param served the other commit that goes on being served for the tag, if it has moved
   */
  public record Known(Optional<BuildId> built, Optional<String> served) {}

  /**
   * Gives a build its version and its OTP; the other OTP versions that its repository lists become
   * builds of the same request, once.
   */
  public Known resolve(Lease lease, Resolved resolved) {
    return jdbi.inTransaction(handle -> {
      boolean first = hold(handle, lease);
      UUID version = version(handle, lease.build(), resolved);
      fenced(
          lease,
          handle
              .createUpdate(RESOLVE)
              .bind("ref", resolved.ref().name())
              .bind("version", version)
              .bind("otp", resolved.otp().text())
              .bind("major", resolved.otp().major()));
      if (first) {
        split(handle, lease.build(), resolved.others());
      }
      return new Known(
          built(handle, lease.build(), version, resolved.otp()), served(handle, version));
    });
  }

  /** Whether the build is resolved for the first time. */
  private static boolean hold(Handle handle, Lease lease) {
    return handle
        .createQuery(HOLD)
        .bind("build", lease.build().uuid())
        .bind("lease", lease.token())
        .mapTo(Boolean.class)
        .findOne()
        .orElseThrow(() -> new LostLeaseException(lease));
  }

  private UUID version(Handle handle, BuildId build, Resolved resolved) {
    return handle
        .createQuery(VERSION)
        .bind("id", TimeOrderedId.next(clock))
        .bind("ref", resolved.ref().name())
        .bind("kind", resolved.refKind())
        .bind("commit", resolved.commit())
        .bind("build", build.uuid())
        .mapTo(UUID.class)
        .one();
  }

  private void split(Handle handle, BuildId build, List<OtpSelector> others) {
    for (OtpSelector otp : others) {
      handle
          .createUpdate(ANSWER)
          .bind("build", build.uuid())
          .bind("split", live(handle, build, otp).orElseGet(() -> queue(handle, build, otp)))
          .execute();
    }
    if (!others.isEmpty()) {
      handle.execute("notify " + QueueStore.QUEUED);
    }
  }

  private static Optional<UUID> live(Handle handle, BuildId build, OtpSelector otp) {
    return handle
        .createQuery(LIVE)
        .bind("build", build.uuid())
        .bind("otp", otp.toString())
        .mapTo(UUID.class)
        .findOne();
  }

  private UUID queue(Handle handle, BuildId build, OtpSelector otp) {
    UUID id = TimeOrderedId.next(clock);
    handle
        .createUpdate(SPLIT)
        .bind("id", id)
        .bind("otp", otp.toString())
        .bind("major", otp.asked().major())
        .bind("build", build.uuid())
        .execute();
    return id;
  }

  private static Optional<BuildId> built(
      Handle handle, BuildId build, UUID version, OtpVersion otp) {
    return handle
        .createQuery(BUILT)
        .bind("version", version)
        .bind("otp", otp.text())
        .bind("build", build.uuid())
        .mapTo(UUID.class)
        .findOne()
        .map(BuildId::new);
  }

  private static Optional<String> served(Handle handle, UUID version) {
    return handle.createQuery(SERVED).bind("version", version).mapTo(String.class).findOne();
  }

  /** Ends a build well, with what it made: all of it, or nothing if any part is refused. */
  public void succeed(Lease lease, String description, List<Artifact> artifacts, StoredLog log) {
    jdbi.useTransaction(handle -> {
      end(handle, lease, new Ending(BuildState.SUCCEEDED, null, "", null), log);
      handle.createUpdate(ACCEPT).bind("build", lease.build().uuid()).execute();
      insert(handle, lease.build(), artifacts);
      handle
          .createUpdate(DESCRIBE)
          .bind("text", description)
          .bind("build", lease.build().uuid())
          .execute();
    });
  }

  private static void insert(Handle handle, BuildId build, List<Artifact> artifacts) {
    var batch = handle.prepareBatch(ARTIFACT);
    for (Artifact artifact : artifacts) {
      batch
          .bind("build", build.uuid())
          .bind("application", artifact.application())
          .bind("format", artifact.format())
          .bind("vsn", artifact.appVsn())
          .bind("main", artifact.main())
          .bind("digest", artifact.digest().hex())
          .bind("size", artifact.sizeBytes())
          .add();
    }
    batch.execute();
  }

  /**
   * Ends a build that turned out to be {@code built} already: it stands for that one from now on.
   */
  public void succeedAs(Lease lease, BuildId built, StoredLog log) {
    String message = "Built already, by build " + built + ".";
    Ending ending = new Ending(BuildState.SUCCEEDED, null, message, built.uuid());
    jdbi.useTransaction(handle -> end(handle, lease, ending, log));
  }

  /** Ends a build badly, for a reason in a sentence. */
  public void fail(Lease lease, FailureKind kind, String message, StoredLog log) {
    Ending ending = new Ending(BuildState.FAILED, kind, message, null);
    jdbi.useTransaction(handle -> end(handle, lease, ending, log));
  }

  /**
   * Ends a build badly whose log cannot be kept whole: the pieces that were shown stay, and are its
   * log.
   */
  public void failWithoutLog(Lease lease, FailureKind kind, String message) {
    Ending ending = new Ending(BuildState.FAILED, kind, message, null);
    jdbi.useTransaction(handle -> write(handle, lease, ending, Optional.empty()));
  }

  /** Puts a build back that failed for a reason of ours, to be tried again after {@code pause}. */
  public void tryAgain(Lease lease, Duration pause, String message) {
    jdbi.useHandle(handle ->
        fenced(
            lease,
            handle
                .createUpdate(TRY_AGAIN)
                .bind("message", message)
                .bind("seconds", pause.toMillis() / 1000.0)));
  }

  private record Ending(
      BuildState state, @Nullable FailureKind failure, String message, @Nullable UUID sameAs) {}

  private static void end(Handle handle, Lease lease, Ending ending, StoredLog log) {
    write(handle, lease, ending, Optional.of(log));
    handle
        .createUpdate("delete from log_chunk where build_id = :build")
        .bind("build", lease.build().uuid())
        .execute();
  }

  private static void write(Handle handle, Lease lease, Ending ending, Optional<StoredLog> log) {
    fenced(
        lease,
        handle
            .createUpdate(END)
            .bind("state", ending.state())
            .bind("failure", ending.failure())
            .bind("message", ending.message())
            .bind("same", ending.sameAs())
            .bind("digest", log.map(kept -> kept.digest().hex()))
            .bind("size", log.map(StoredLog::sizeBytes)));
    handle.execute("select pg_notify(?, ?)", QueueStore.ENDED, lease.build().toString());
  }

  private static void fenced(Lease lease, Update update) {
    int rows = update.bind("build", lease.build().uuid()).bind("lease", lease.token()).execute();
    if (rows == 0) {
      throw new LostLeaseException(lease);
    }
  }
}
