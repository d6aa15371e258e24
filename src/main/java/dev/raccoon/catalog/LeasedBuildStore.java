package dev.raccoon.catalog;

import dev.raccoon.queue.Lease;
import dev.raccoon.queue.LostLeaseException;
import dev.raccoon.queue.QueueStore;
import dev.raccoon.value.BuildId;
import dev.raccoon.value.Limit;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/**
 * How a build that a node runs goes on and ends, under its {@link Lease}. Once that is lost, every
 * method here throws {@link LostLeaseException} and changes nothing.
 */
public final class LeasedBuildStore {
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

  /**
   * Holds the package, as retention does while it removes builds of it, before a look at the one
   * that is to stand for this.
   */
  private static final String HOLD =
      """
      select p.id from build b join package p on p.id = b.package_id
      where b.id = :build for no key update of p
      """;

  private static final String ARTIFACT =
      """
      insert into artifact (build_id, application, format, app_vsn, main, digest, size,
          processors, c_libraries, nif_version)
      values (:build, :application, :format, :vsn, :main, :digest, :size,
          string_to_array(:processors, ','), string_to_array(:libraries, ','), :nif)
      """;

  private static final String DESCRIBE =
      """
      update package set description = :text
      where id = (select package_id from build where id = :build) and description <> :text
      """;

  private static final String USED =
      """
      update build set limit_hit = :limit, peak_memory = :memory, peak_processes = :processes,
          peak_disk = :disk, peak_files = :files
      where id = :build and lease = :lease
      """;

  private static final String RAN_INTO =
      "update build set limit_hit = :limit where id = :build and lease = :lease";

  private final Jdbi jdbi;

  /** Builds in the database of {@code jdbi}. */
  public LeasedBuildStore(Jdbi jdbi) {
    this.jdbi = jdbi;
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

  /** Records what a running build has used. */
  public void used(Lease lease, BuildUse use) {
    jdbi.useHandle(handle ->
        fenced(
            lease,
            handle
                .createUpdate(USED)
                .bind("limit", use.limit().map(Enum::name))
                .bind("memory", use.peaks().memoryBytes())
                .bind("processes", use.peaks().processes())
                .bind("disk", use.peaks().diskBytes())
                .bind("files", use.peaks().files())));
  }

  /** Records the limit that a build has run into after its last command. */
  public void ranInto(Lease lease, Limit limit) {
    jdbi.useHandle(
        handle -> fenced(lease, handle.createUpdate(RAN_INTO).bind("limit", limit.name())));
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
      Optional<NativeCode> code = artifact.nativeCode();
      batch
          .bind("build", build.uuid())
          .bind("application", artifact.application())
          .bind("format", artifact.format())
          .bind("vsn", artifact.appVsn())
          .bind("main", artifact.main())
          .bind("digest", artifact.digest().hex())
          .bind("size", artifact.sizeBytes())
          .bind("processors", code.map(each -> String.join(",", each.processors())))
          .bind("libraries", code.map(each -> String.join(",", each.cLibraries())))
          .bind("nif", code.flatMap(NativeCode::nifVersion))
          .add();
    }
    batch.execute();
  }

  /**
   * Ends a build that turned out to be {@code built} already: it stands for that one from now on.
   *
   * @return whether it has ended; not where that one's package was removed meanwhile
   */
  public boolean succeedAs(Lease lease, BuildId built, StoredLog log) {
    String message = "Built already, by build " + built + ".";
    Ending ending = new Ending(BuildState.SUCCEEDED, null, message, built.uuid());
    return jdbi.inTransaction(handle -> {
      handle.createQuery(HOLD).bind("build", built.uuid()).mapTo(Long.class).one();
      boolean kept =
          handle
              .createQuery("select removed_at is null from build where id = :build")
              .bind("build", built.uuid())
              .mapTo(Boolean.class)
              .one();
      if (kept) {
        end(handle, lease, ending, log);
      }
      return kept;
    });
  }

  /** Ends a build badly, for a reason in a sentence. */
  public void fail(Lease lease, FailureKind kind, String message, StoredLog log) {
    Ending ending = new Ending(BuildState.FAILED, kind, message, null);
    jdbi.useTransaction(handle -> end(handle, lease, ending, log));
  }

  /** Ends a build that somebody wants no more; its log goes as far as it came. */
  public void cancel(Lease lease, String message, StoredLog log) {
    Ending ending = new Ending(BuildState.CANCELLED, null, message, null);
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

  /** Executes {@code update}, which asks for the build and the lease by those names. */
  static void fenced(Lease lease, Update update) {
    int rows = update.bind("build", lease.build().uuid()).bind("lease", lease.token()).execute();
    if (rows == 0) {
      throw new LostLeaseException(lease);
    }
  }
}
