package dev.raccoon.queue;

import dev.raccoon.access.Actor;
import dev.raccoon.access.AuditStore;
import dev.raccoon.value.BuildId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Ends builds that somebody wants no more. Each that is ended is in the audit log. Thread-safe. */
public final class CancelStore {
  /** Its log is this line, behind what an earlier try of it has left. */
  private static final String CANCEL_QUEUED =
      """
      with cancelled as (
        update build set state = 'CANCELLED', finished_at = now(),
            message = 'Cancelled by ' || :by || ' before it began.'
        where id = :build and state = 'QUEUED'
        returning id, message),
      said as (
        insert into log_chunk (build_id, position, bytes)
        select id,
            coalesce((select max(position + length(bytes)) from log_chunk where build_id = cancelled.id), 0),
            convert_to('==> ' || message || chr(10), 'UTF8')
        from cancelled)
      select pg_notify('build_ended', id::text) from cancelled
      """;

  private static final String CANCEL_RUNNING =
      """
      with asked as (
        update build set cancel_asked_at = now(), cancel_asked_by = :by
        where id = :build and state = 'RUNNING' and cancel_asked_at is null
        returning id)
      select pg_notify('build_cancel', id::text) from asked
      """;

  /** Held, so that no request joins a build just now, and none splits. */
  private static final String HOLD =
      """
      select p.id from request r join package p on p.id = r.package_id
      where r.id = :request
      for no key update of p
      """;

  private static final String LIVE =
      """
      select b.id, exists (
          select from request_build other join request r on r.id = other.request_id
          where other.build_id = b.id and r.id <> :request and r.cancelled_at is null) as shared
      from request_build mine join build b on b.id = mine.build_id
      where mine.request_id = :request and b.state in ('QUEUED', 'RUNNING')
      order by b.id
      """;

  private final Jdbi jdbi;

  /** Builds in the database of {@code jdbi}. */
  public CancelStore(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** What came of the wish that a build be cancelled. */
  public enum Outcome {
    /** It waited, and has ended now. */
    CANCELLED,
    /** It runs, and its node stops it. */
    STOPPING,
    /** It had ended before. */
    ENDED,
    /** There is none. */
    UNKNOWN
  }

  /**
   * Cancels a build that waits at once; has one that runs be stopped by its node. It ends for all
   * requests that it answers. One that has ended stays as it is.
   */
  public Outcome cancel(BuildId build, Actor by) {
    return jdbi.inTransaction(handle -> cancel(handle, build, by));
  }

  private static Outcome cancel(Handle handle, BuildId build, Actor by) {
    // Twice, since it may begin between the two.
    for (int i = 0; i < 2; i++) {
      if (run(handle, CANCEL_QUEUED, build, by)) {
        AuditStore.write(handle, by, "build.cancel", "build " + build, "before it began");
        return Outcome.CANCELLED;
      }
      if (run(handle, CANCEL_RUNNING, build, by)) {
        AuditStore.write(handle, by, "build.cancel", "build " + build, "while it ran");
        return Outcome.STOPPING;
      }
    }
    return handle
        .createQuery("select finished_at is not null from build where id = :build")
        .bind("build", build.uuid())
        .mapTo(boolean.class)
        .findOne()
        .map(ended -> ended ? Outcome.ENDED : Outcome.STOPPING)
        .orElse(Outcome.UNKNOWN);
  }

  private static boolean run(Handle handle, String sql, BuildId build, Actor by) {
    return !handle
        .createQuery(sql)
        .bind("build", build.uuid())
        .bind("by", by.name())
        .mapTo(String.class)
        .list()
        .isEmpty();
  }

  /**
   * What came of the wish that a request be cancelled; both lists are empty where all had ended.
   *
   * @param cancelled the builds that are ended, or being stopped
   * @param shared those that go on, since another request waits for them
   */
  public record Withdrawn(List<BuildId> cancelled, List<BuildId> shared) {
    /** What happened, in a sentence. */
    public String sentence() {
      if (cancelled.isEmpty() && shared.isEmpty()) {
        return "All builds of this request had ended before.";
      }
      String ended = counted(cancelled.size(), "is cancelled", "are cancelled");
      return shared.isEmpty()
          ? ended + "."
          : ended
              + "; "
              + counted(shared.size(), "goes on", "go on")
              + ", since another request waits for "
              + (shared.size() == 1 ? "it." : "them.");
    }

    private static String counted(int builds, String one, String many) {
      return builds == 1 ? "1 build " + one : builds + " builds " + many;
    }
  }

  /**
   * Cancels those builds of a request that answer no other one; those that do go on, until all
   * their requests are cancelled. Empty: there is no such request.
   */
  public Optional<Withdrawn> cancelRequest(UUID request, Actor by) {
    return jdbi.inTransaction(handle -> {
      Optional<Long> held =
          handle.createQuery(HOLD).bind("request", request).mapTo(Long.class).findOne();
      return held.map(ignored -> withdraw(handle, request, by));
    });
  }

  private record LiveBuild(BuildId id, boolean shared) {}

  private static Withdrawn withdraw(Handle handle, UUID request, Actor by) {
    List<LiveBuild> live =
        handle
            .createQuery(LIVE)
            .bind("request", request)
            .map((row, context) ->
                new LiveBuild(
                    new BuildId(row.getObject("id", UUID.class)), row.getBoolean("shared")))
            .list();
    if (!live.isEmpty()) {
      handle
          .createUpdate(
              "update request set cancelled_at = now() where id = :request and cancelled_at is null")
          .bind("request", request)
          .execute();
    }
    List<BuildId> cancelled = new ArrayList<>();
    for (LiveBuild build : live) {
      if (!build.shared() && cancel(handle, build.id(), by) != Outcome.ENDED) {
        cancelled.add(build.id());
      }
    }
    return new Withdrawn(
        cancelled, live.stream().filter(LiveBuild::shared).map(LiveBuild::id).toList());
  }
}
