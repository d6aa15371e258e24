package dev.raccoon.otp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;

/**
 * What is printed while something is installed, on its way to the database. Beyond a limit, all
 * further output is left out. Thread-safe.
 */
final class InstallLog extends OutputStream {
  static final long MOST_BYTES = 32L << 20;
  private static final int MOST_WAITING_BYTES = 4 << 20;

  private final OtpInstallStore store;
  private final long install;
  private final long mostBytes;
  private final ByteArrayOutputStream waiting = new ByteArrayOutputStream();
  private long stored;
  private boolean full;

  /** Goes on with what is stored of {@code install} already. */
  InstallLog(OtpInstallStore store, long install, long mostBytes) {
    this.store = store;
    this.install = install;
    this.mostBytes = mostBytes;
    this.stored = store.length(install);
  }

  /** Says something of our own, in a line. */
  void say(String line) {
    write((line + "\n").getBytes(UTF_8));
  }

  @Override
  public synchronized void write(int b) {
    write(new byte[] {(byte) b});
  }

  @Override
  public void write(byte[] bytes) {
    write(bytes, 0, bytes.length);
  }

  /** A terminal's lines end in two characters; the first is left out. */
  @Override
  public synchronized void write(byte[] bytes, int offset, int length) {
    for (int i = offset; i < offset + length && !full; i++) {
      if (bytes[i] != '\r') {
        waiting.write(bytes[i]);
      }
    }
    // So much waits only while the database is away.
    if (!full && (stored + waiting.size() > mostBytes || waiting.size() > MOST_WAITING_BYTES)) {
      full = true;
      waiting.writeBytes("\nMore was printed, and is left out.\n".getBytes(UTF_8));
    }
  }

  /** Stores what was written. What cannot be stored is kept for the next time. */
  @Override
  public synchronized void flush() {
    if (waiting.size() > 0) {
      byte[] bytes = waiting.toByteArray();
      store.append(install, stored, bytes);
      stored += bytes.length;
      waiting.reset();
    }
  }
}
