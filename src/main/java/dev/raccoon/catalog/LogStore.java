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
  private final Jdbi jdbi;

  /** Logs in the database of {@code jdbi}. */
  public LogStore(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /**
   * Adds a piece that begins at {@code position} (bytes) of the build's whole stream.
   *
   * @throws LostLeaseException when the build is another's by now
   */
  public void append(Lease lease, long position, byte[] bytes) {
    int rows =
        jdbi.withHandle(handle ->
            handle
                .createUpdate(
                    """
                    insert into log_chunk (build_id, position, bytes)
                    select id, :position, :bytes from build where id = :build and lease = :lease
                    """)
                .bind("position", position)
                .bind("bytes", bytes)
                .bind("build", lease.build().uuid())
                .bind("lease", lease.token())
                .execute());
    if (rows == 0) {
      throw new LostLeaseException(lease);
    }
  }

  /** What a running build has printed so far, in order. */
  public List<byte[]> soFar(BuildId build) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery("select bytes from log_chunk where build_id = :build order by position")
            .bind("build", build.uuid())
            .mapTo(byte[].class)
            .list());
  }
}
