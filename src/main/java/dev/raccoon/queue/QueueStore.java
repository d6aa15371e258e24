package dev.raccoon.queue;

import dev.raccoon.value.BuildId;
import dev.raccoon.value.OtpSelector;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/**
 * The queue's side of the {@code build} table. All times are the database's own, so nodes' clocks
 * may differ. Each method is one short statement; no build ever runs inside a transaction.
 */
public final class QueueStore {
  /** The channel that is notified when builds may be claimed; its payload says nothing. */
  public static final String QUEUED = "build_queued";

  /** The channel that is notified when a build has ended, with the build's id. */
  public static final String ENDED = "build_ended";

  /** The channel that is notified when a running build is to be cancelled, with its id. */
  public static final String CANCEL = "build_cancel";

  /** How often a build is begun before it is given up as our fault. */
  public static final int MAX_ATTEMPTS = 5;

  /**
   * What waits for each Erlang/OTP is looked at by itself, so that what no node can take holds
   * nobody up: {@code keys} skips from one to the next. Rows are held only in the last step, and
   * those that others hold are passed over.
   */
  private static final String CLAIM =
      """
      with recursive keys (key) as (
        (select otp_key from build where state = 'QUEUED' order by otp_key limit 1)
        union all
        select (select otp_key from build where state = 'QUEUED' and otp_key > keys.key order by otp_key limit 1)
        from keys where keys.key is not null),
      heads as (
        select head.id from keys, lateral (
          select id, priority, turn from build
          where state = 'QUEUED' and otp_key = keys.key and not_before <= now()
          order by priority desc, turn, id limit :looks) head
        where (keys.key = any (:mine) or keys.key <> all (:known))
          and not exists (select from queue_pause where paused_at is not null)
          and not exists (select from node where id = cast(:node as uuid) and draining)),
      next as (
        select id from build
        where id in (select id from heads) and state = 'QUEUED' and not_before <= now()
        order by priority desc, turn, id
        for update skip locked limit 1),
      stale as (delete from log_chunk using next where log_chunk.build_id = next.id)
      update build set state = 'RUNNING', node = :node, lease = :lease, attempt = attempt + 1,
          lease_until = now() + :seconds * interval '1 second', started_at = now(), stage = null, message = '',
          limit_hit = null, peak_memory = null, peak_processes = null, peak_disk = null, peak_files = null
      from next where build.id = next.id
      returning build.id
      """;

  /** More than claim at once, so that one of them is free. */
  private static final int LOOKS = 128;

  private static final String HEARTBEAT =
      """
      update build set lease_until = now() + :seconds * interval '1 second'
      where state = 'RUNNING' and lease = any (:leases)
      returning lease
      """;

  /**
   * What was lost once runs again at once; what is lost again and again waits for longer each time,
   * so that it holds nobody up. The log of a build that is given up stays in its pieces: whoever
   * could have stored it is gone.
   */
  private static final String RECOVER =
      """
      with held as (
        select id, attempt < :attempts as again from build where state = 'RUNNING' and <which>
        for update skip locked),
      lost as (
        update build set lease = null, lease_until = null, stage = null,
            state = case when again then 'QUEUED' else 'FAILED' end,
            failure = case when again then null else 'INFRASTRUCTURE' end,
            node = case when again then null else node end,
            started_at = case when again then null else started_at end,
            finished_at = case when again then null else now() end,
            not_before = case when again then now() + (power(2, attempt - 1) - 1) * interval '10 s'
                         else not_before end,
            message = case when again then :cause || '; it runs again.'
                      else 'Our fault: it was begun ' || attempt || ' times and never came to an end. '
                           || :cause || '.' end
        from held where build.id = held.id
        returning build.id, state)
      select state from lost,
        lateral (select pg_notify(case state when 'QUEUED' then 'build_queued' else 'build_ended' end, id::text)) told
      """;

  private static final String RELEASE =
      """
      with released as (
        update build set state = 'QUEUED', lease = null, lease_until = null, attempt = attempt - 1,
            node = null, started_at = null, stage = null
        where id = :build and lease = :lease
        returning id)
      select id from released, lateral (select pg_notify('build_queued', id::text)) told
      """;

  private final Jdbi jdbi;

  /** The queue in the database of {@code jdbi}. */
  public QueueStore(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /**
   * Takes the build whose turn it is, if one waits that {@code node} can run, for {@code holds}.
   * What needs an Erlang/OTP that nobody has is for everybody: somebody must say so.
   */
  Optional<Lease> claim(UUID node, Fleet.Keys keys, Duration holds) {
    UUID token = UUID.randomUUID();
    return jdbi.withHandle(handle ->
        handle
            .createQuery(CLAIM)
            .bindArray("mine", String.class, keys.mine().toArray())
            .bindArray("known", String.class, keys.known().toArray())
            .bind("looks", LOOKS)
            .bind("node", node.toString())
            .bind("lease", token)
            .bind("seconds", holds.toMillis() / 1000.0)
            .mapTo(UUID.class)
            .findOne()
            .map(id -> new Lease(new BuildId(id), token)));
  }

  /** Makes {@code leases} hold for longer; answers the tokens that still hold. */
  List<UUID> heartbeat(Collection<UUID> leases, Duration holds) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(HEARTBEAT)
            .bindArray("leases", UUID.class, leases.toArray())
            .bind("seconds", holds.toMillis() / 1000.0)
            .mapTo(UUID.class)
            .list());
  }

  /** Whether the build has ended, at {@code node}. */
  boolean hasEnded(BuildId id, UUID node) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(
                "select exists (select from build"
                    + " where id = :id and node = :node and finished_at is not null)")
            .bind("id", id.uuid())
            .bind("node", node.toString())
            .mapTo(boolean.class)
            .one());
  }

  /**
   * What came of builds that had lost their node; one that was to be cancelled has ended, and is
   * neither.
   *
   * @param again how many run again
   * @param givenUp how many were begun too often, and have failed as our fault
   */
  public record Recovered(int again, int givenUp) {}

  /** Puts back what an earlier life of {@code node} left running. */
  Recovered recoverOwn(UUID node) {
    return recover(
        "node = :node", Map.of("node", node.toString(), "cause", "Its node was started anew"));
  }

  /** Puts back what any node has left without a heartbeat. */
  Recovered recoverExpired() {
    return recover(
        "lease_until < now()", Map.of("cause", "Its node gave no sign of life, or gave it up"));
  }

  private Recovered recover(String which, Map<String, ?> bindings) {
    List<String> states =
        jdbi.withHandle(handle ->
            handle
                .createQuery(RECOVER)
                .define("which", which)
                .bind("attempts", MAX_ATTEMPTS)
                .bindMap(bindings)
                .mapTo(String.class)
                .list());
    return new Recovered(
        Collections.frequency(states, "QUEUED"), Collections.frequency(states, "FAILED"));
  }

  /**
   * Gives a build back that was begun and is not going to be finished here; the attempt does not
   * count. Nothing happens when the lease is lost already: another has the build then.
   */
  public void release(Lease lease) {
    jdbi.useHandle(handle ->
        handle
            .createQuery(RELEASE)
            .bind("build", lease.build().uuid())
            .bind("lease", lease.token())
            .mapTo(UUID.class)
            .list());
  }

  /**
   * Gives a build back that needs an Erlang/OTP of another node, which is told so; the attempt does
   * not count.
   */
  public void handOver(Lease lease, OtpSelector needed) {
    jdbi.useHandle(handle -> {
      int rows =
          handle
              .createUpdate(
                  "update build set needed_otp = :otp where id = :build and lease = :lease")
              .bind("otp", needed.toString())
              .bind("build", lease.build().uuid())
              .bind("lease", lease.token())
              .execute();
      if (rows == 0) {
        throw new LostLeaseException(lease);
      }
    });
    release(lease);
  }

  /** Who wants the build of {@code lease} to be cancelled, if somebody does. */
  public Optional<String> cancelAskedBy(Lease lease) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(
                "select cancel_asked_by from build where lease = :lease and cancel_asked_at is not null and state = 'RUNNING'")
            .bind("lease", lease.token())
            .mapTo(String.class)
            .findOne());
  }

  /** Those of {@code leases} whose builds are to be cancelled. */
  List<UUID> toCancel(Collection<UUID> leases) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(
                """
                select lease from build
                where lease = any (:leases) and cancel_asked_at is not null and state = 'RUNNING'
                """)
            .bindArray("leases", UUID.class, leases.toArray())
            .mapTo(UUID.class)
            .list());
  }
}
