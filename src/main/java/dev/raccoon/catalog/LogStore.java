package dev.raccoon.catalog;

import dev.raccoon.queue.Lease;
import dev.raccoon.queue.LostLeaseException;
import dev.raccoon.value.BuildId;
import java.util.List;
import org.jdbi.v3.core.Jdbi;

/**
 * The logs of running builds, in pieces, so that any node can show what another one's build prints.
 */
public final class LogStore {
  /**
   * The share lock makes whoever takes the build over wait for this piece, to remove it with the
   * rest; without it a late piece could stand in the way of the next attempt's.
   */
  private static final String APPEND =
      """
      insert into log_chunk (build_id, position, bytes)
      select id, :position, :bytes from build where id = :build and lease = :lease for share
      on conflict (build_id, position) do update set bytes = excluded.bytes
      """;

  /**
   * A piece is of 64 KiB at most, and many may read at once: three whole ones, or more short ones.
   */
  private static final int MOST_PIECES = 16;

  private static final int MOST_BYTES_BEFORE_THE_LAST = 128 * 1024;

  private static final String LENGTH =
      """
      select position + length(bytes) from log_chunk where build_id = :build
      order by position desc limit 1
      """;

  /**
   * A piece that is added again may have grown: of the first, only what is new is wanted. What
   * comes before it is not looked at.
   */
  private static final String PIECES =
      """
      select substring(bytes from greatest(1, :position - position + 1)::int) from log_chunk
      where build_id = :build and position + length(bytes) > :position
        and position >= coalesce((
          select max(position) from log_chunk where build_id = :build and position <= :position), 0)
        and position < :position + :bytes
      order by position limit :most
      """;

  private final Jdbi jdbi;

  /** Logs in the database of {@code jdbi}. */
  public LogStore(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /**
   * Adds a piece that begins at {@code position} (bytes) of the build's whole stream. The same
   * piece again, when nobody knows whether the first came through, changes nothing.
   *
   * @throws LostLeaseException when the build is another's by now
   */
  public void append(Lease lease, long position, byte[] bytes) {
    int rows =
        jdbi.withHandle(handle ->
            handle
                .createUpdate(APPEND)
                .bind("position", position)
                .bind("bytes", bytes)
                .bind("build", lease.build().uuid())
                .bind("lease", lease.token())
                .execute());
    if (rows == 0) {
      throw new LostLeaseException(lease);
    }
  }

  /** How many bytes a running build has printed so far. */
  public long length(BuildId build) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(LENGTH)
            .bind("build", build.uuid())
            .mapTo(Long.class)
            .findOne()
            .orElse(0L));
  }

  /**
   * What a running build has printed from {@code position} (bytes) on, in order, and no more than a
   * few pieces of it; empty when there is nothing more, or the build has ended.
   */
  public List<byte[]> pieces(BuildId build, long position) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(PIECES)
            .bind("build", build.uuid())
            .bind("position", position)
            .bind("bytes", MOST_BYTES_BEFORE_THE_LAST)
            .bind("most", MOST_PIECES)
            .mapTo(byte[].class)
            .list());
  }
}
