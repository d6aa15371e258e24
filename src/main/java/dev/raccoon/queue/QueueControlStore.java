package dev.raccoon.queue;

import dev.raccoon.access.Actor;
import dev.raccoon.access.AuditStore;
import dev.raccoon.value.BuildId;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/** What people ask of the queue: where a build stands, and to pause all. Thread-safe. */
public final class QueueControlStore {
  /** What a build is expected to take: the time of the last good ones of its package, or of any. */
  private static final String PLACE =
      """
      with mine as (select id, package_id, priority, turn, not_before from build where id = :build and state = 'QUEUED'),
      ahead as (
        select count(*) as builds from build b, mine
        where b.state = 'QUEUED'
          and (b.priority > mine.priority
               or b.priority = mine.priority and (b.turn, b.id) < (mine.turn, mine.id))),
      usual as (
        select avg(extract(epoch from finished_at - started_at)) as seconds
        from (select finished_at, started_at from build
              where finished_at is not null and same_as is null and started_at is not null
              order by finished_at desc, id desc limit 100) recent),
      slots as (
        select sum(slots) as free from node
        where seen_at > now() - :up * interval '1 second' and stopped_at is null and not draining),
      running as (select count(*) as builds from build where state = 'RUNNING')
      select ahead.builds + 1 as place,
          greatest(extract(epoch from mine.not_before - now()),
                   case when ahead.builds + running.builds < slots.free then 0
                        else (ahead.builds + running.builds / 2.0) * usual.seconds / slots.free end) as begins,
          (select paused_at is not null from queue_pause) as paused
      from mine, ahead, usual, slots, running
      """;

  private static final String USUAL =
      """
      select avg(extract(epoch from finished_at - started_at)) as seconds
      from (select b.finished_at, b.started_at from build mine join build b on b.package_id = mine.package_id
            where mine.id = :build and b.state = 'SUCCEEDED' and b.same_as is null and b.finished_at is not null
              and (mine.otp_major is null or b.otp_major = mine.otp_major)
            order by b.finished_at desc, b.id desc limit 5) recent
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
   * @param begins how long until it begins, as far as can be told from how long builds took; empty:
   *     nothing can be told, or no node is up
   * @param paused whether nothing begins now
   */
  public record Place(long number, Optional<Duration> begins, boolean paused) {}

  /** Where {@code build} waits, if it does. */
  public Optional<Place> place(BuildId build) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(PLACE)
            .bind("build", build.uuid())
            .bind("up", NodeStore.UP.toSeconds())
            .map((row, context) -> {
              double seconds = row.getDouble("begins");
              Optional<Duration> wait =
                  row.wasNull() ? Optional.empty() : Optional.of(seconds(seconds));
              return new Place(row.getLong("place"), wait, row.getBoolean("paused"));
            })
            .findOne());
  }

  /**
   * How long the last good builds of its package took, on the same release; empty: none is known.
   */
  public Optional<Duration> usual(BuildId build) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(USUAL)
            .bind("build", build.uuid())
            .map((row, context) -> Optional.ofNullable(row.getBigDecimal("seconds")))
            .one()
            .map(average -> seconds(average.doubleValue())));
  }

  private static Duration seconds(double seconds) {
    return Duration.ofMillis(Math.round(Math.max(0, seconds) * 1000));
  }

  /**
   * Since when nothing begins, and by whom.
   *
   * @param by as the audit log has it
   */
  public record Pause(OffsetDateTime since, String by) {}

  /** Since when nothing begins, if so. */
  public Optional<Pause> pause() {
    return jdbi.withHandle(handle ->
        handle
            .createQuery("select paused_at, paused_by from queue_pause where paused_at is not null")
            .map((row, context) ->
                new Pause(
                    row.getObject("paused_at", OffsetDateTime.class), row.getString("paused_by")))
            .findOne());
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
