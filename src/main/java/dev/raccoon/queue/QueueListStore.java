package dev.raccoon.queue;

import dev.raccoon.value.BuildId;
import dev.raccoon.value.PackageName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** The queue as a list, for those who look after it. Thread-safe. */
public final class QueueListStore {
  /** Each state by itself, so that what waits comes from its index in order. */
  private static final String PAGE =
      """
      with listed as (
        (select true as runs, b.* from build b
         where b.state = 'RUNNING' and :after_runs
           and (b.priority < :priority or b.priority = :priority and (b.turn, b.id) > (:turn, :build))
         order by b.priority desc, b.turn, b.id limit :limit)
        union all
        (select false as runs, b.* from build b
         where b.state = 'QUEUED'
           and (:after_runs or b.priority < :priority
                or b.priority = :priority and (b.turn, b.id) > (:turn, :build))
         order by b.priority desc, b.turn, b.id limit :limit))
      select l.*, coalesce(l.ref, l.asked_ref) as known_ref, p.namespace as its_namespace, p.name, r.origin
      from listed l join package p on p.id = l.package_id join request r on r.id = l.request_id
      order by l.runs desc, l.priority desc, l.turn, l.id limit :limit
      """;

  private final Jdbi jdbi;

  /** The queue in the database of {@code jdbi}. */
  public QueueListStore(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** What runs, and then what waits in its order, behind {@code after}. */
  public List<QueuedBuild> page(Optional<QueuedBuild.Key> after, int limit) {
    QueuedBuild.Key from =
        after.orElse(new QueuedBuild.Key(true, Short.MAX_VALUE, 0, new BuildId(new UUID(0, 0))));
    return jdbi.withHandle(handle ->
        handle
            .createQuery(PAGE)
            .bind("after_runs", from.runs())
            .bind("priority", from.priority())
            .bind("turn", from.turn())
            .bind("build", from.build().uuid())
            .bind("limit", limit)
            .map((row, context) -> read(row))
            .list());
  }

  private static QueuedBuild read(ResultSet row) throws SQLException {
    return new QueuedBuild(
        new QueuedBuild.Key(
            row.getBoolean("runs"),
            row.getInt("priority"),
            row.getLong("turn"),
            new BuildId(row.getObject("id", UUID.class))),
        new PackageName(row.getString("its_namespace"), row.getString("name")),
        Optional.ofNullable(row.getString("known_ref")),
        row.getString("otp_key"),
        row.getString("origin"),
        row.getInt("attempt"),
        Optional.ofNullable(row.getString("node")),
        time(row, "queued_at").orElseThrow(),
        time(row, "started_at"),
        time(row, "not_before").orElseThrow(),
        Optional.ofNullable(row.getString("cancel_asked_by")));
  }

  private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
    @Nullable OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return Optional.ofNullable(time).map(OffsetDateTime::toInstant);
  }
}
