package dev.raccoon.retention;

import dev.raccoon.catalog.BuildState;
import dev.raccoon.config.RetentionRules;
import dev.raccoon.value.BuildId;
import dev.raccoon.value.Sha256;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Which builds the rules keep, and what is recorded of those that they do not. */
public final class RetentionStore {
  /**
   * The builds of one package that still have something and that no rule keeps. Good builds, such
   * as stand for others, and the rest are counted apart. Of a branch, whose every commit is a
   * version, the branch itself counts as one, since the newest build of it is what is served.
   *
   * <p>Whatever the rules say: the newest good build of each version and OTP stays; so does what
   * stands for another build, what a kept placeholder has split into, what answers a request of
   * which a build still waits or runs, and what another build has used.
   */
  private static final String EXPIRED =
      """
      with ended as (
        select b.*, p.namespace || '/' || p.name as full_name, s.kind,
          row_number() over (
            partition by s.kind, b.ref, b.otp_version, case when v.ref_kind <> 'BRANCH' then v.commit end
            order by b.finished_at desc, b.id desc) as nth_of_version,
          row_number() over (partition by s.kind order by b.finished_at desc, b.id desc) as nth_of_package,
          (select max(r.created_at) from request_build a join request r on r.id = a.request_id
           where a.build_id = b.id) as asked_at,
          d.day as downloaded_on,
          coalesce((select sum(size) from artifact a where a.build_id = b.id), 0) as package_bytes
        from build b join package p on p.id = b.package_id
          left join version v on v.id = b.version_id
          left join last_download d on d.build_id = b.id,
          lateral (select case when b.state <> 'SUCCEEDED' then 'BAD' when b.same_as is null then 'GOOD'
                          else 'SAME' end as kind) s
        where b.package_id = :package and b.finished_at is not null and b.removed_at is null)
      select * from ended e
      where (:days = 0 or greatest(e.finished_at, e.asked_at) < now() - :days * interval '1 day')
        and (:used = 0 or greatest(e.finished_at, e.asked_at) < now() - :used * interval '1 day'
                      and coalesce(e.downloaded_on < (now() at time zone 'UTC')::date - :used, true))
        and (:builds = 0 or e.nth_of_version > :builds)
        and (:ofPackage = 0 or e.nth_of_package > :ofPackage)
        and not (e.kind = 'GOOD' and e.nth_of_version = 1)
        and not exists (select 1 from build other where other.same_as = e.id)
        and not exists (
          select 1 from split join build holder on holder.id = split.placeholder_id
          where split.build_id = e.id
            and (holder.finished_at is null or holder.state = 'SUCCEEDED' and holder.removed_at is null))
        and not exists (
          select 1 from request_build mine join request_build others on others.request_id = mine.request_id
            join build live on live.id = others.build_id
          where mine.build_id = e.id and live.finished_at is null)
        and not exists (
          select 1 from artifact a join build_dependency used on used.digest = a.digest
          where a.build_id = e.id and used.build_id <> e.id)
        and (e.log_digest is not null or exists (select 1 from artifact a where a.build_id = e.id)
             or exists (select 1 from log_chunk c where c.build_id = e.id))
      order by e.finished_at, e.id
      limit :most
      """;

  /** Whoever records a request or a build's end of this package waits, and sees what was done. */
  private static final String HOLD = "select id from package where id = :package for no key update";

  private static final String NAME_THE_BYTES =
      """
      insert into removal (digest)
      select digest from artifact where build_id = any (:builds)
      union select log_digest from build where id = any (:builds) and log_digest is not null
      on conflict (digest) do update set since = excluded.since
      """;

  private static final String SAY_SO =
      """
      update build set removed_at = now(), log_digest = null, log_size = null,
          message = case when state = 'SUCCEEDED' and message = '' then :sentence else message end
      where id = any (:builds)
      """;

  private static final String SENTENCE =
      "Its package was removed by this server's rules for old builds: POST its build_id to /rebuild, and"
          + " it is made again.";

  private final Jdbi jdbi;

  /** Builds in the database of {@code jdbi}. */
  public RetentionStore(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** The first {@code most} packages behind {@code after}, in an order that never changes. */
  List<Long> packages(long after, int most) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery("select id from package where id > :after order by id limit :most")
            .bind("after", after)
            .bind("most", most)
            .mapTo(Long.class)
            .list());
  }

  /** The oldest {@code most} builds of a package that {@code rules} do not keep. */
  List<Expired> expired(long packageId, RetentionRules rules, int most) {
    return jdbi.withHandle(handle -> expired(handle, packageId, rules, most));
  }

  /**
   * Records of the oldest {@code most} builds of a package that {@code rules} do not keep that
   * their packages and logs are removed, and that these bytes are to go, all in one transaction.
   */
  List<Expired> retire(long packageId, RetentionRules rules, int most) {
    return jdbi.inTransaction(handle -> {
      handle.createQuery(HOLD).bind("package", packageId).mapTo(Long.class).one();
      List<Expired> expired = expired(handle, packageId, rules, most);
      if (!expired.isEmpty()) {
        retire(handle, expired.stream().map(each -> each.build().uuid()).toArray());
      }
      return expired;
    });
  }

  private static void retire(Handle handle, Object[] builds) {
    handle.createUpdate(NAME_THE_BYTES).bindArray("builds", UUID.class, builds).execute();
    for (String table : List.of("artifact", "log_chunk")) {
      handle
          .createUpdate("delete from " + table + " where build_id = any (:builds)")
          .bindArray("builds", UUID.class, builds)
          .execute();
    }
    handle
        .createUpdate(SAY_SO)
        .bindArray("builds", UUID.class, builds)
        .bind("sentence", SENTENCE)
        .execute();
  }

  private static List<Expired> expired(
      Handle handle, long packageId, RetentionRules rules, int most) {
    return handle
        .createQuery(EXPIRED)
        .bind("package", packageId)
        .bind("days", rules.days())
        .bind("used", rules.usedDays())
        .bind("builds", rules.builds())
        .bind("ofPackage", rules.packageBuilds())
        .bind("most", most)
        .map((row, context) -> expired(row))
        .list();
  }

  private static Expired expired(ResultSet row) throws SQLException {
    return new Expired(
        new BuildId(row.getObject("id", UUID.class)),
        row.getString("full_name"),
        Optional.ofNullable(row.getString("ref")),
        Optional.ofNullable(row.getString("otp_version")),
        BuildState.valueOf(row.getString("state")),
        row.getTimestamp("finished_at").toInstant(),
        Optional.ofNullable(row.getTimestamp("asked_at")).map(Timestamp::toInstant),
        Optional.ofNullable(row.getObject("downloaded_on", LocalDate.class)),
        row.getLong("package_bytes"));
  }

  /** Bytes that are to go, since a record that has named them was removed. */
  record Removal(Sha256 digest, Instant since) {}

  /** The first {@code most} behind {@code after}, in the order of their digests. */
  List<Removal> removals(Optional<Sha256> after, int most) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(
                """
                select digest, since from removal where digest > :after order by digest limit :most
                """)
            .bind("after", after.map(Sha256::hex).orElse(""))
            .bind("most", most)
            .map((row, context) ->
                new Removal(
                    new Sha256(row.getString("digest")), row.getTimestamp("since").toInstant()))
            .list());
  }

  /** Bytes have gone, or another record names them; unless one was removed again meanwhile. */
  void forget(Removal removal) {
    jdbi.useHandle(handle ->
        handle
            .createUpdate("delete from removal where digest = :digest and since = :since")
            .bind("digest", removal.digest().hex())
            .bind("since", removal.since())
            .execute());
  }

  /** When the first of the builds that run now was begun. */
  Optional<Instant> oldestRunning() {
    return jdbi.withHandle(handle ->
        handle
            .createQuery("select started_at from build where state = 'RUNNING' order by 1 limit 1")
            .mapTo(Instant.class)
            .findOne());
  }

  /** Whether the daily run is due, and this caller's to do: the next one is due in a day. */
  boolean takeTurn() {
    return moveTurn("1 day", "where due_at <= now()");
  }

  /** Has the run that was taken be done again in an hour. */
  void giveTurnBack() {
    var _ = moveTurn("1 hour", "");
  }

  private boolean moveTurn(String by, String when) {
    String sql = "update retention_turn set due_at = now() + interval '" + by + "' " + when;
    return jdbi.withHandle(handle -> handle.createUpdate(sql).execute()) > 0;
  }
}
