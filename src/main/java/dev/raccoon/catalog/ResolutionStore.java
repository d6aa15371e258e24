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
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * What a build that a node runs comes to once its source is here: a version, an exact OTP version,
 * and perhaps more builds of the same request. Under the build's {@link Lease}: once that is lost,
 * {@link LostLeaseException}, and nothing changes.
 */
public final class ResolutionStore {
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
        join request r on r.id = mine.request_id and r.origin <> 'REBUILD' and not r.always_new
        join build other on other.package_id = mine.package_id and other.id <> mine.id
      where mine.id = :build and other.state in ('QUEUED', 'RUNNING')
        and other.cancel_asked_at is null
        and (other.asked_ref = mine.ref or other.ref = mine.ref)
        and (other.asked_otp = :otp or other.otp_version = :otp)
        and (other.version_id is null or other.version_id = mine.version_id)
      order by other.queued_at, other.id limit 1
      """;

  /** A build that waits for somebody with less to say comes with the turn of the placeholder. */
  private static final String HURRY =
      """
      update build other set priority = mine.priority, turn = mine.turn
      from build mine
      where mine.id = :build and other.id = :live and other.state = 'QUEUED' and other.priority < mine.priority
      """;

  /** A split asks for the ref that was found, or a newer tag could become its newest. */
  private static final String SPLIT =
      """
      insert into build (id, request_id, package_id, namespace, asked_ref, asked_otp, ref, otp_major, priority, turn)
      select :id, request_id, package_id, namespace, ref, :otp, ref, :major, priority, turn
      from build where id = :build
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
        and b.removed_at is null
        and exists (select 1 from build mine join request r on r.id = mine.request_id
                    where mine.id = :build and r.origin <> 'REBUILD' and not r.always_new)
      order by b.finished_at desc, b.id desc limit 1
      """;

  private final Jdbi jdbi;
  private final Clock clock;

  /** Builds in the database of {@code jdbi}; {@code clock} orders new ids. */
  public ResolutionStore(Jdbi jdbi, Clock clock) {
    this.jdbi = jdbi;
    this.clock = clock;
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
      LeasedBuildStore.fenced(
          lease,
          handle
              .createUpdate(RESOLVE)
              .bind("ref", resolved.ref().name())
              .bind("version", version)
              .bind("otp", resolved.otp().text())
              .bind("major", resolved.otp().major()));
      if (first && !resolved.others().isEmpty() && isWanted(handle, lease.build())) {
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

  /**
   * Whether nobody has it cancelled. A statement of its own, after the package is held, so that it
   * sees what was committed meanwhile.
   */
  private static boolean isWanted(Handle handle, BuildId build) {
    return handle
        .createQuery("select cancel_asked_at is null from build where id = :build")
        .bind("build", build.uuid())
        .mapTo(boolean.class)
        .one();
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
    handle.execute("notify " + QueueStore.QUEUED);
  }

  private static Optional<UUID> live(Handle handle, BuildId build, OtpSelector otp) {
    Optional<UUID> live =
        handle
            .createQuery(LIVE)
            .bind("build", build.uuid())
            .bind("otp", otp.toString())
            .mapTo(UUID.class)
            .findOne();
    live.ifPresent(found ->
        handle.createUpdate(HURRY).bind("build", build.uuid()).bind("live", found).execute());
    return live;
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
}
