package dev.raccoon.access;

import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** The record of administrative acts. It only grows: the database refuses to change a row. */
public final class AuditStore {
  private final Jdbi jdbi;

  /** The record in the database of {@code jdbi}. */
  public AuditStore(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /**
   * Records that {@code actor} did {@code act}, in the transaction of {@code handle}, which also
   * does it: none is ever done without its record.
   */
  public static void write(Handle handle, Actor actor, String act, String subject, String detail) {
    handle
        .createUpdate(
            """
            insert into audit (actor, act, subject, detail, address)
            values (:actor, :act, :subject, :detail, :address)
            """)
        .bind("actor", actor.name())
        .bind("act", act)
        .bind("subject", subject)
        .bind("detail", detail)
        .bind("address", actor.address())
        .execute();
  }

  /** Records an act that no transaction does: it is recorded before it is begun. */
  public void record(Actor actor, String act, String subject, String detail) {
    jdbi.useTransaction(handle -> write(handle, actor, act, subject, detail));
  }

  /** The newest acts before the one with the id {@code before}, newest first. */
  public List<AuditEntry> page(long before, int limit) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery("select * from audit where id < :before order by id desc limit :limit")
            .bind("before", before)
            .bind("limit", limit)
            .map((row, context) ->
                new AuditEntry(
                    row.getLong("id"),
                    row.getObject("happened_at", OffsetDateTime.class).toInstant(),
                    new Actor(
                        row.getString("actor"), Optional.ofNullable(row.getString("address"))),
                    row.getString("act"),
                    row.getString("subject"),
                    row.getString("detail")))
            .list());
  }
}
