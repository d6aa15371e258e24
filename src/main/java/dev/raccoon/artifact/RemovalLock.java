package dev.raccoon.artifact;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Held from finding an artifact old until it is gone, and from finding it present until it counts
 * as put now; by one process of all that use the store, and one thread of that. It ends with its
 * process.
 */
final class RemovalLock implements Closeable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final long PAUSE_NANOS = Duration.ofMillis(5).toNanos();

  /**
   * Only one channel of this process may have the file: the kernel lets go of a process's locks
   * when any of them is closed.
   */
  private static final ReentrantLock HERE = new ReentrantLock();

  private final FileChannel channel;

  private RemovalLock(FileChannel channel) {
    this.channel = channel;
  }

  /** Waits until nobody else holds the one of {@code file}. */
  static RemovalLock take(Path file) throws IOException {
    HERE.lock();
    try {
      return new RemovalLock(locked(file));
    } catch (IOException | RuntimeException e) {
      HERE.unlock();
      throw e;
    }
  }

  private static FileChannel locked(Path file) throws IOException {
    FileChannel channel = FileChannel.open(file, CREATE, WRITE);
    try {
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (channel.tryLock() == null) {
        if (System.nanoTime() - deadline > 0) {
          throw new IOException("Another process has removed artifacts for too long.");
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
      return channel;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      HERE.unlock();
    }
  }
}
