package dev.raccoon.queue;

import dev.raccoon.access.Actor;
import dev.raccoon.access.AuditStore;
import dev.raccoon.value.BuildId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/** What people ask of the queue: where a build stands, and to pause all. Thread-safe. */
public final class QueueControlStore {
  /**
   * Where builds wait: behind those of a higher priority and those whose turn is before theirs, as
   * far as nodes that are up can take them. When they begin is a guess: by what the last 100 builds
   * took, by all slots.
   */
  private static final String PLACES =
      """
      with mine as (
        select id, package_id, priority, turn, not_before, otp_key, otp_major
        from build where id = any (:builds) and state = 'QUEUED'),
      recent as (
        select avg(extract(epoch from finished_at - started_at)) as seconds
        from (select finished_at, started_at from build
              where finished_at is not null and same_as is null and started_at is not null
              order by finished_at desc, id desc limit 100) last),
      slots as (
        select sum(slots) as all from node
        where seen_at > now() - :up * interval '1 second' and stopped_at is null and not draining),
      running as (select count(*) as builds from build where state = 'RUNNING')
      select mine.id, mine.otp_key, before.builds + sooner.builds + 1 as place, usual.seconds as usual,
          (select paused_at is not null from queue_pause) as paused,
          greatest(extract(epoch from mine.not_before - now()),
                   case when before.builds + sooner.builds + running.builds < slots.all then 0
                        else (before.builds + sooner.builds + running.builds / 2.0) * recent.seconds / slots.all
                   end) as begins
      from mine, recent, slots, running,
        lateral (
          select count(*) as builds from build b
          where b.state = 'QUEUED' and b.otp_key = any (:keys) and b.priority > mine.priority) before,
        lateral (
          select count(*) as builds from build b
          where b.state = 'QUEUED' and b.otp_key = any (:keys) and b.priority = mine.priority
            and (b.turn, b.id) < (mine.turn, mine.id)) sooner,
        lateral (
          select avg(extract(epoch from last.finished_at - last.started_at)) as seconds
          from (select b.finished_at, b.started_at from build b
                where b.package_id = mine.package_id and b.state = 'SUCCEEDED' and b.same_as is null
                  and b.finished_at is not null and (mine.otp_major is null or b.otp_major = mine.otp_major)
                order by b.finished_at desc, b.id desc limit 5) last) usual
      """;

  private static final String STANDING =
      """
      select paused_at, paused_by,
          (select count(*) from build where state = 'QUEUED') as waiting,
          (select count(*) from build where state = 'RUNNING') as running,
          (select count(*) from build where state = 'QUEUED' and otp_key <> all (:keys)) as stuck
      from queue_pause
      """;

  private final Jdbi jdbi;

  /** The queue in the database of {@code jdbi}. */
  public QueueControlStore(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /**
   * Where a build waits.
   *
   * @param number 1 is the next; retries that wait for their time count as well
   * @param begins how long until it begins, as far as can be told; empty: nothing can be told
   * @param usual how long the last good builds of its package took, on the same release; empty:
   *     there is none
   * @param paused whether nothing begins now
   * @param waitingFor what must change before it can begin at all, in a sentence; empty: it waits
   *     for its turn
   */
  public record Place(
      long number,
      Optional<Duration> begins,
      Optional<Duration> usual,
      boolean paused,
      Optional<String> waitingFor) {}

  /** Where those of {@code builds} wait that do, for {@code builders} to take them. */
  public Map<BuildId, Place> places(Collection<BuildId> builds, Builders builders) {
    Map<BuildId, Place> places = new HashMap<>();
    jdbi.useHandle(handle ->
        handle
            .createQuery(PLACES)
            .bindArray("builds", UUID.class, builds.stream().map(BuildId::uuid).toArray())
            .bindArray("keys", String.class, builders.keys().toArray())
            .bind("up", NodeStore.UP.toSeconds())
            .map((row, context) ->
                Map.entry(new BuildId(row.getObject("id", UUID.class)), place(row, builders)))
            .forEach(entry -> places.put(entry.getKey(), entry.getValue())));
    return places;
  }

  private static Place place(ResultSet row, Builders builders) throws SQLException {
    boolean paused = row.getBoolean("paused");
    Optional<String> lack = builders.lack(row.getString("otp_key"));
    Optional<String> waitingFor =
        paused ? Optional.of("The queue is paused: an administrator resumes it.") : lack;
    Optional<Duration> begins = seconds(row, "begins").filter(ignored -> waitingFor.isEmpty());
    return new Place(row.getLong("place"), begins, seconds(row, "usual"), paused, waitingFor);
  }

  private static Optional<Duration> seconds(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getBigDecimal(column))
        .map(seconds -> Duration.ofMillis(Math.round(Math.max(0, seconds.doubleValue()) * 1000)));
  }

  /**
   * Since when nothing begins, and by whom.
   *
   * @param by as the audit log has it
   */
  public record Pause(OffsetDateTime since, String by) {}

  private static Optional<Pause> pause(ResultSet row) throws SQLException {
    OffsetDateTime since = row.getObject("paused_at", OffsetDateTime.class);
    return since == null
        ? Optional.empty()
        : Optional.of(new Pause(since, row.getString("paused_by")));
  }

  /**
   * How the queue stands.
   *
   * @param stuck how many of those that wait no node can take that takes builds now
   */
  public record Standing(long waiting, long running, long stuck, Optional<Pause> pause) {}

  /** How the queue stands, for {@code builders} to take from it. */
  public Standing standing(Builders builders) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(STANDING)
            .bindArray("keys", String.class, builders.keys().toArray())
            .map((row, context) ->
                new Standing(
                    row.getLong("waiting"),
                    row.getLong("running"),
                    row.getLong("stuck"),
                    pause(row)))
            .one());
  }

  /** No node begins any build from now on, or all do again. */
  public void pause(boolean paused, Actor actor) {
    jdbi.useTransaction(handle -> {
      int rows =
          handle
              .createUpdate(
                  """
                  update queue_pause set paused_at = case when :paused then now() end,
                      paused_by = case when :paused then :by end
                  where (paused_at is not null) <> :paused
                  """)
              .bind("paused", paused)
              .bind("by", actor.name())
              .execute();
      if (rows > 0) {
        AuditStore.write(handle, actor, paused ? "queue.pause" : "queue.resume", "queue", "");
        handle.execute("notify " + QueueStore.QUEUED);
      }
    });
  }
}
