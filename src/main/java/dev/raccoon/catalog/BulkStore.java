package dev.raccoon.catalog;

import dev.raccoon.access.Actor;
import dev.raccoon.access.AuditStore;
import dev.raccoon.queue.CancelStore;
import dev.raccoon.value.Namespaces;
import dev.raccoon.value.OtpSelector;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * What administrators want built in bulk. It is only recorded here; {@link BulkFeedStore} puts it
 * into the queue. Thread-safe.
 */
public final class BulkStore {
  /** The channel that is notified when there is something to put into the queue. */
  public static final String ASKED = "bulk_asked";

  private static final String SELECT =
      """
      select bulk.*,
          count(b.id) filter (where b.state = 'QUEUED') as waiting,
          count(b.id) filter (where b.state = 'RUNNING') as running,
          count(b.id) filter (where b.state = 'SUCCEEDED') as succeeded,
          count(b.id) filter (where b.state = 'FAILED') as failures,
          count(b.id) filter (where b.state = 'CANCELLED') as cancelled
      from bulk
        left join bulk_build on bulk_build.bulk_id = bulk.id
        left join request_build on request_build.request_id = bulk_build.request_id
        left join build b on b.id = request_build.build_id
      """;

  private static final String LIVE =
      """
      select distinct bulk_build.request_id from bulk_build
        join request_build on request_build.request_id = bulk_build.request_id
        join build b on b.id = request_build.build_id
      where bulk_build.bulk_id = :bulk and b.state in ('QUEUED', 'RUNNING')
      """;

  private final Jdbi jdbi;
  private final CancelStore cancels;

  /** Records in the database of {@code jdbi}; builds are ended by {@code cancels}. */
  public BulkStore(Jdbi jdbi, CancelStore cancels) {
    this.jdbi = jdbi;
    this.cancels = cancels;
  }

  /** Records what {@code actor} wants; servers put it into the queue as there is room. */
  public Bulk ask(Bulk.Terms terms, Actor actor) {
    return jdbi.inTransaction(handle -> {
      long id = insert(handle, terms, actor);
      AuditStore.write(handle, actor, "bulk.ask", "bulk " + id, terms.toString());
      handle.execute("notify " + ASKED);
      return find(handle, id).orElseThrow();
    });
  }

  private static long insert(Handle handle, Bulk.Terms terms, Actor actor) {
    return handle
        .createQuery(
            """
            insert into bulk (otp, namespaces, failed, again, asked_by)
            values (:otp, nullif(cast(:namespaces as text[]), '{}'), nullif(cast(:failed as text[]), '{}'),
                :again, :by)
            returning id
            """)
        .bind("otp", terms.otp().toString())
        .bindArray("namespaces", String.class, terms.namespaces().names().toArray())
        .bindArray("failed", String.class, terms.failed().stream().map(Enum::name).toArray())
        .bind("again", terms.again())
        .bind("by", actor.name())
        .mapTo(Long.class)
        .one();
  }

  /** The bulk with that id. */
  public Optional<Bulk> find(long id) {
    return jdbi.withHandle(handle -> find(handle, id));
  }

  private static Optional<Bulk> find(Handle handle, long id) {
    return handle
        .createQuery(SELECT + " where bulk.id = :id group by bulk.id")
        .bind("id", id)
        .map((row, context) -> read(row))
        .findOne();
  }

  /** The newest before {@code before}, newest first. */
  public List<Bulk> page(long before, int limit) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(
                SELECT
                    + " where bulk.id < :before group by bulk.id order by bulk.id desc limit :limit")
            .bind("before", before)
            .bind("limit", limit)
            .map((row, context) -> read(row))
            .list());
  }

  /**
   * Puts no more of it into the queue, and ends those of its builds that nobody else waits for, one
   * by one: called again, it goes on where it was interrupted. Empty: there is no such bulk.
   */
  public Optional<Bulk> cancel(long id, Actor actor) {
    jdbi.useTransaction(handle -> {
      int rows =
          handle
              .createUpdate(
                  """
                  update bulk set cancelled_at = now(), cancelled_by = :by
                  where id = :id and cancelled_at is null
                  """)
              .bind("by", actor.name())
              .bind("id", id)
              .execute();
      if (rows > 0) {
        AuditStore.write(handle, actor, "bulk.cancel", "bulk " + id, "");
      }
    });
    for (UUID request : live(id)) {
      cancels.cancelRequest(request, actor);
    }
    return find(id);
  }

  private List<UUID> live(long id) {
    return jdbi.withHandle(
        handle -> handle.createQuery(LIVE).bind("bulk", id).mapTo(UUID.class).list());
  }

  private static Bulk read(ResultSet row) throws SQLException {
    return new Bulk(
        row.getLong("id"),
        terms(row),
        row.getString("asked_by"),
        row.getObject("asked_at", OffsetDateTime.class).toInstant(),
        row.getLong("skipped"),
        Optional.ofNullable(row.getObject("fed_at", OffsetDateTime.class))
            .map(OffsetDateTime::toInstant),
        Optional.ofNullable(row.getString("cancelled_by")),
        new Bulk.Counts(
            row.getLong("waiting"),
            row.getLong("running"),
            row.getLong("succeeded"),
            row.getLong("failures"),
            row.getLong("cancelled")));
  }

  /** What a row of {@code bulk} wants. */
  static Bulk.Terms terms(ResultSet row) throws SQLException {
    List<String> namespaces = texts(row.getArray("namespaces"));
    return new Bulk.Terms(
        OtpSelector.parse(row.getString("otp")),
        namespaces.isEmpty() ? Namespaces.ALL : Namespaces.recorded(namespaces),
        Bulk.Terms.kinds(texts(row.getArray("failed"))),
        row.getBoolean("again"));
  }

  private static List<String> texts(@Nullable Array array) throws SQLException {
    return array == null ? List.of() : List.of((String[]) array.getArray());
  }
}
