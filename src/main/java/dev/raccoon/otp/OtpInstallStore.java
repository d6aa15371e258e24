package dev.raccoon.otp;

import dev.raccoon.access.Actor;
import dev.raccoon.access.AuditStore;
import dev.raccoon.value.OtpVersion;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Installations of Erlang/OTP, what is printed meanwhile, and what came of them. Thread-safe. */
public final class OtpInstallStore {
  /** The channel that tells of one that was asked for. */
  public static final String ASKED = "otp_install_asked";

  /** So many logs of each node are kept, those of the newest. */
  static final int LOGS_KEPT = 20;

  private static final int MOST_PIECES = 16;

  private static final String ASK =
      """
      insert into otp_install (node, version) values (:node, :version)
      on conflict (node, version) where state in ('QUEUED', 'RUNNING') do nothing
      returning *
      """;

  private static final String UNDER_WAY =
      """
      select * from otp_install
      where node = :node and version = :version and state in ('QUEUED', 'RUNNING')
      """;

  /** One that was begun, and then its server ended, comes first. */
  private static final String NEXT =
      """
      update otp_install set state = 'RUNNING', started_at = coalesce(started_at, now())
      where id = (
        select id from otp_install where node = :node and state in ('QUEUED', 'RUNNING')
        order by state = 'RUNNING' desc, id limit 1)
      returning *
      """;

  private static final String END =
      """
      update otp_install set state = :state, reason = :reason, ended_at = now()
      where id = :id and state = 'RUNNING'
      """;

  private static final String FORGET_OLD_LOGS =
      """
      delete from otp_install_chunk where install in (
        select id from otp_install where node = (select node from otp_install where id = :id)
        order by id desc offset :kept)
      """;

  private static final String PIECES =
      """
      select substring(bytes from greatest(1, :position - position + 1)::int)
      from otp_install_chunk
      where install = :id and position + length(bytes) > :position
      order by position limit :most
      """;

  private final Jdbi jdbi;

  /** Installations in the database of {@code jdbi}. */
  public OtpInstallStore(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** Asks {@code node} for {@code version}; one that is under way already is answered instead. */
  public OtpInstall ask(UUID node, OtpVersion version, Actor actor) {
    while (true) {
      Optional<OtpInstall> asked = jdbi.inTransaction(handle -> ask(handle, node, version, actor));
      if (asked.isPresent()) {
        return asked.get();
      }
      // What was under way has ended between both statements.
    }
  }

  private static Optional<OtpInstall> ask(
      Handle handle, UUID node, OtpVersion version, Actor actor) {
    Optional<OtpInstall> made =
        handle
            .createQuery(ASK)
            .bind("node", node)
            .bind("version", version.text())
            .map((row, context) -> install(row))
            .findOne();
    if (made.isPresent()) {
      AuditStore.write(handle, actor, "otp.install", version.text(), node.toString());
      handle.execute("select pg_notify(?, '')", ASKED);
      return made;
    }
    return handle
        .createQuery(UNDER_WAY)
        .bind("node", node)
        .bind("version", version.text())
        .map((row, context) -> install(row))
        .findOne();
  }

  /** The next one that {@code node} has to do, which is RUNNING from now on. */
  Optional<OtpInstall> next(UUID node) {
    return jdbi.withHandle(handle ->
        handle.createQuery(NEXT).bind("node", node).map((row, context) -> install(row)).findOne());
  }

  /** Ends a running one; with a reason, it has failed. */
  void end(long id, Optional<String> reason) {
    jdbi.useTransaction(handle -> {
      handle
          .createUpdate(END)
          .bind("id", id)
          .bind("state", reason.isEmpty() ? "SUCCEEDED" : "FAILED")
          .bind("reason", reason.orElse(""))
          .execute();
      handle.createUpdate(FORGET_OLD_LOGS).bind("id", id).bind("kept", LOGS_KEPT).execute();
    });
  }

  /** One of them. */
  public Optional<OtpInstall> find(long id) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery("select * from otp_install where id = :id")
            .bind("id", id)
            .map((row, context) -> install(row))
            .findOne());
  }

  /** The newest before the one with the id {@code before}, newest first. */
  public List<OtpInstall> page(long before, int limit) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery("select * from otp_install where id < :before order by id desc limit :n")
            .bind("before", before)
            .bind("n", limit)
            .map((row, context) -> install(row))
            .list());
  }

  /** How many bytes were printed so far. */
  long length(long id) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(
                """
                select coalesce(max(position + length(bytes)), 0)
                from otp_install_chunk where install = :id
                """)
            .bind("id", id)
            .mapTo(Long.class)
            .one());
  }

  /** Adds what was printed from {@code position} (bytes) on; the same again changes nothing. */
  void append(long id, long position, byte[] bytes) {
    jdbi.useHandle(handle ->
        handle
            .createUpdate(
                """
                insert into otp_install_chunk (install, position, bytes)
                values (:id, :position, :bytes) on conflict do nothing
                """)
            .bind("id", id)
            .bind("position", position)
            .bind("bytes", bytes)
            .execute());
  }

  /**
   * What was printed from {@code position} (bytes) on, in order, and no more than a few pieces of
   * it; empty when there is nothing more yet.
   */
  public List<byte[]> pieces(long id, long position) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(PIECES)
            .bind("id", id)
            .bind("position", position)
            .bind("most", MOST_PIECES)
            .mapTo(byte[].class)
            .list());
  }

  private static OtpInstall install(ResultSet row) throws SQLException {
    return new OtpInstall(
        row.getLong("id"),
        row.getObject("node", UUID.class),
        new OtpVersion(row.getString("version")),
        OtpInstall.State.valueOf(row.getString("state")),
        row.getString("reason"),
        row.getObject("asked_at", OffsetDateTime.class).toInstant(),
        Optional.ofNullable(row.getObject("ended_at", OffsetDateTime.class))
            .map(OffsetDateTime::toInstant));
  }
}
