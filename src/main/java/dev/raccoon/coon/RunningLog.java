package dev.raccoon.coon;

import dev.raccoon.catalog.LogStore;
import dev.raccoon.value.BuildId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/**
 * A running build's log from its beginning, a few pieces in memory at a time. Where the build ends
 * meanwhile, its pieces go; what was shown of it is the beginning of the log that is kept, so it is
 * read on there.
 */
final class RunningLog extends InputStream {
  private final LogStore logs;
  private final BuildId build;
  private final long length;
  private final KeptLog kept;

  /** Each is let go once it is read. */
  private final Queue<byte[]> pieces = new ArrayDeque<>();

  private InputStream current = InputStream.nullInputStream();
  private long position;
  private boolean ended;

  /** Opens the log that is kept, once there is one; the reader closes it. */
  interface KeptLog {
    Optional<InputStream> open() throws IOException;
  }

  /** The first {@code length} bytes of the log of {@code build}. */
  RunningLog(LogStore logs, BuildId build, long length, KeptLog kept) {
    this.logs = logs;
    this.build = build;
    this.length = length;
    this.kept = kept;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      // Asked for nothing, a piece that was read whole says that it is at its end.
      return 0;
    }
    int count = current.read(into, offset, length);
    while (count < 0 && !ended) {
      next();
      count = current.read(into, offset, length);
    }
    position += Math.max(0, count);
    return count;
  }

  private void next() throws IOException {
    current.close();
    if (position >= length) {
      ended = true;
      return;
    }
    if (pieces.isEmpty()) {
      pieces.addAll(logs.pieces(build, position));
    }
    byte[] piece = pieces.poll();
    if (piece != null) {
      current = new ByteArrayInputStream(piece);
      return;
    }
    ended = true;
    Optional<InputStream> whole = kept.open();
    if (whole.isPresent()) {
      current = whole.get();
      current.skipNBytes(position);
    }
  }

  @Override
  public void close() throws IOException {
    current.close();
  }
}
