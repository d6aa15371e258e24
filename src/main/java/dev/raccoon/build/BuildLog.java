package dev.raccoon.build;

import dev.raccoon.artifact.ArtifactStore;
import dev.raccoon.artifact.Stored;
import dev.raccoon.catalog.LogStore;
import dev.raccoon.catalog.StoredLog;
import dev.raccoon.queue.Lease;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;

/**
 * A build's log: everything that its commands print to either stream, and what the server says of
 * its steps in lines that begin with {@code ==>}. Shown in pieces while the build runs; whole, in
 * the artifact store, afterwards.
 *
 * <p>Of a log that is longer than its limit, the first three quarters and the last quarter of the
 * limit are kept, and a line marks the gap. A cut never fails a build. Thread-safe.
 */
final class BuildLog extends OutputStream {
  private static final int PIECE_BYTES = 64 * 1024;
  private static final long PIECE_MILLIS = 200;

  private final LogStore store;
  private final Lease lease;
  private final long headLimitBytes;
  private final Path headFile;
  private final OutputStream head;
  private final Tail tail;
  private final ByteArrayOutputStream piece = new ByteArrayOutputStream();
  private final ScheduledExecutorService flusher =
      Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().name("log").factory());
  private long written;
  private long shown;
  private int last = '\n';

  /** The log of the build under {@code lease}, of which at most {@code limitBytes} are kept. */
  BuildLog(LogStore store, Lease lease, Path folder, long limitBytes) throws IOException {
    this.store = store;
    this.lease = lease;
    this.tail = new Tail(Math.toIntExact(limitBytes / 4));
    this.headLimitBytes = limitBytes - limitBytes / 4;
    this.headFile = folder.resolve("log");
    this.head = Files.newOutputStream(headFile);
    var _ =
        flusher.scheduleWithFixedDelay(
            this::showPiece, PIECE_MILLIS, PIECE_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Says, on a line of its own, what the build is at or why it ends. */
  synchronized void say(String sentence) throws IOException {
    String line = (last == '\n' ? "" : "\n") + "==> " + sentence + "\n";
    write(line.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return;
    }
    int toHead = (int) Math.min(length, Math.max(0, headLimitBytes - written));
    head.write(bytes, offset, toHead);
    piece.write(bytes, offset, toHead);
    tail.write(bytes, offset + toHead, length - toHead);
    written += length;
    last = bytes[offset + length - 1];
    if (piece.size() >= PIECE_BYTES) {
      showPiece();
    }
  }

  /** The last bytes that were printed, at most {@code count}, as text. */
  synchronized String end(int count) throws IOException {
    byte[] kept = tail.bytes();
    if (kept.length < count) {
      head.flush();
      byte[] beginning = Files.readAllBytes(headFile);
      int from = Math.max(0, beginning.length - (count - kept.length));
      ByteArrayOutputStream both = new ByteArrayOutputStream();
      both.write(beginning, from, beginning.length - from);
      both.writeBytes(kept);
      kept = both.toByteArray();
    }
    int from = Math.max(0, kept.length - count);
    return new String(kept, from, kept.length - from, StandardCharsets.UTF_8);
  }

  private synchronized void showPiece() {
    if (piece.size() > 0) {
      store.append(lease, shown, piece.toByteArray());
      shown += piece.size();
      piece.reset();
    }
  }

  /** Keeps the whole log in {@code artifacts}; nothing may be written after that. */
  synchronized StoredLog store(ArtifactStore artifacts) throws IOException {
    flusher.shutdown();
    showPiece();
    head.close();
    Path packed = headFile.resolveSibling("log.gz");
    long size = pack(packed);
    Stored stored = artifacts.put(packed);
    return new StoredLog(stored.digest(), size);
  }

  private long pack(Path packed) throws IOException {
    byte[] end = tail.bytes();
    long gap = written - Files.size(headFile) - end.length;
    byte[] mark = new byte[0];
    if (gap > 0) {
      String line =
          "\n==> " + gap + " bytes are left out here: the log was longer than its limit.\n";
      mark = line.getBytes(StandardCharsets.UTF_8);
    }
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      Files.copy(headFile, out);
      out.write(mark);
      out.write(end);
    }
    return Files.size(headFile) + mark.length + end.length;
  }

  /** Gives up the log of a build that goes on elsewhere; its file goes with the work folder. */
  @Override
  public synchronized void close() throws IOException {
    flusher.shutdownNow();
    head.close();
  }

  /** The last bytes of what was written, up to a capacity. */
  private static final class Tail {
    private final int capacity;
    private byte[] ring = new byte[0];
    private long written;

    Tail(int capacity) {
      this.capacity = capacity;
    }

    void write(byte[] bytes, int offset, int length) {
      if (length > 0 && ring.length == 0) {
        ring = new byte[capacity];
      }
      for (int i = Math.max(0, length - capacity); i < length; ) {
        int at = (int) ((written + i) % capacity);
        int count = Math.min(length - i, capacity - at);
        System.arraycopy(bytes, offset + i, ring, at, count);
        i += count;
      }
      written += length;
    }

    byte[] bytes() {
      if (written <= capacity) {
        return Arrays.copyOf(ring, (int) written);
      }
      int start = (int) (written % capacity);
      byte[] inOrder = new byte[capacity];
      System.arraycopy(ring, start, inOrder, 0, capacity - start);
      System.arraycopy(ring, 0, inOrder, capacity - start, start);
      return inOrder;
    }
  }
}
