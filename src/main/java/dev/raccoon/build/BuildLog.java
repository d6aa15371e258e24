package dev.raccoon.build;

import dev.raccoon.artifact.ArtifactStore;
import dev.raccoon.artifact.Stored;
import dev.raccoon.catalog.LogStore;
import dev.raccoon.catalog.StoredLog;
import dev.raccoon.queue.Lease;
import dev.raccoon.queue.LostLeaseException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A build's log: everything that its commands print to either stream, and what the server says of
 * its steps in lines that begin with {@code ==>}. Shown in pieces while the build runs; whole, in
 * the artifact store, afterwards.
 *
 * <p>Of a log that is longer than its limit, the beginning and the end (a quarter of the limit, at
 * most 4 MiB) are kept, and a line marks the gap; the pieces are of the beginning. A cut never
 * fails a build, and nor does a database that cannot take a piece just now. Once the lease turns
 * out to be lost, whatever is called next throws {@link LostLeaseException}. Thread-safe.
 */
final class BuildLog extends OutputStream {
  private static final Logger log = LoggerFactory.getLogger(BuildLog.class);
  private static final int PIECE_BYTES = 64 * 1024;
  private static final long PIECE_MILLIS = 200;

  /** The end is kept in memory, of each running build. */
  private static final int MAX_TAIL_BYTES = 4 << 20;

  private final LogStore store;
  private final Lease lease;
  private final long headLimitBytes;
  private final Path headFile;
  private final OutputStream head;
  private final LastBytes tail;
  private final ScheduledExecutorService flusher =
      Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().name("log").factory());
  private long written;
  private int last = '\n';

  /** Held while a piece is shown; never needed to write, which must not wait for the database. */
  private final ReentrantLock showing = new ReentrantLock();

  private long shown;
  private boolean behind;
  private volatile @Nullable LostLeaseException lost;

  /** The log of the build under {@code lease}, of which at most {@code limitBytes} are kept. */
  BuildLog(LogStore store, Lease lease, Path folder, long limitBytes) throws IOException {
    this.store = store;
    this.lease = lease;
    int tailBytes = (int) Math.min(limitBytes / 4, MAX_TAIL_BYTES);
    this.tail = new LastBytes(tailBytes);
    this.headLimitBytes = limitBytes - tailBytes;
    this.headFile = folder.resolve("log");
    this.head = Files.newOutputStream(headFile);
    var _ =
        flusher.scheduleWithFixedDelay(
            this::show, PIECE_MILLIS, PIECE_MILLIS, TimeUnit.MILLISECONDS);
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
    failIfLost();
    if (length == 0) {
      return;
    }
    int toHead = (int) Math.min(length, Math.max(0, headLimitBytes - written));
    head.write(bytes, offset, toHead);
    tail.write(bytes, offset + toHead, length - toHead);
    written += length;
    last = bytes[offset + length - 1];
  }

  /** The last bytes that were printed, at most {@code count}, as text. */
  synchronized String end(int count) throws IOException {
    byte[] kept = tail.inOrder();
    int fromHead = (int) Math.min(headBytes(), Math.max(0, count - kept.length));
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.writeBytes(read(headBytes() - fromHead, fromHead));
    both.writeBytes(kept);
    byte[] end = both.toByteArray();
    int from = Math.max(0, end.length - count);
    return new String(end, from, end.length - from, StandardCharsets.UTF_8);
  }

  /** How much of the beginning is in its file. */
  private synchronized long headBytes() {
    return Math.min(written, headLimitBytes);
  }

  /** Not by a channel, which an interrupt would close. */
  private byte[] read(long from, int length) throws IOException {
    byte[] bytes = new byte[length];
    try (RandomAccessFile in = new RandomAccessFile(headFile.toFile(), "r")) {
      in.seek(from);
      in.readFully(bytes);
    }
    return bytes;
  }

  /**
   * Shows what the file has of the beginning by now. What cannot be shown now is tried again later.
   * A lost lease is kept for the build's own thread: nobody sees what is thrown here.
   */
  private void show() {
    showing.lock();
    try {
      for (int length = nextPiece(); length > 0 && lost == null; length = nextPiece()) {
        store.append(lease, shown, read(shown, length));
        shown += length;
        behind = false;
      }
    } catch (LostLeaseException e) {
      lost = e;
    } catch (IOException | RuntimeException e) {
      if (!behind) {
        log.warn(
            "The log of build {} is not shown further until the database answers",
            lease.build(),
            e);
      }
      behind = true;
    } finally {
      showing.unlock();
    }
  }

  private int nextPiece() {
    return (int) Math.min(PIECE_BYTES, headBytes() - shown);
  }

  private void failIfLost() {
    LostLeaseException found = lost;
    if (found != null) {
      throw found;
    }
  }

  /** Keeps the whole log in {@code artifacts}; nothing may be written after that. */
  StoredLog store(ArtifactStore artifacts) throws IOException {
    close();
    failIfLost();
    Path packed = headFile.resolveSibling("log.gz");
    long size = pack(packed);
    Stored stored = artifacts.put(packed);
    return new StoredLog(stored.digest(), size);
  }

  private synchronized long pack(Path packed) throws IOException {
    byte[] end = tail.inOrder();
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

  /** Shows the rest and takes no more; the log's file goes with the work folder. */
  @Override
  public void close() throws IOException {
    flusher.shutdown();
    head.close();
    show();
  }
}
