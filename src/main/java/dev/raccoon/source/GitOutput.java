package dev.raccoon.source;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * What git prints, read line by line as it comes, since a remote may say without end: lines that
 * nobody takes are kept, up to a limit, and no others. Too much of either ends the command.
 */
final class GitOutput extends OutputStream {
  static final int READ_LIMIT_BYTES = 64 << 20;
  private static final int KEPT_LIMIT_BYTES = 1 << 20;
  // A path may have 4,096 bytes, and git writes an odd one as up to four.
  private static final int LINE_LIMIT_BYTES = 20_000;

  private final LineReader reader;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final StringBuilder kept = new StringBuilder();
  private long read;

  /** Offers each line to {@code reader}. */
  GitOutput(LineReader reader) {
    this.reader = reader;
  }

  /** Takes lines of a command's output. */
  @FunctionalInterface
  interface LineReader {
    /** Whether {@code line}, without its end, is taken. What this throws ends the command. */
    boolean take(String line) throws IOException;
  }

  /** More was printed than is read or kept. */
  static final class TooLongException extends IOException {
    private static final long serialVersionUID = 1L;
    final int limitBytes;

    TooLongException(int limitBytes) {
      super("git printed more than " + limitBytes + " bytes");
      this.limitBytes = limitBytes;
    }
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    read += length;
    if (read > READ_LIMIT_BYTES) {
      throw new TooLongException(READ_LIMIT_BYTES);
    }
    for (int i = offset; i < offset + length; i++) {
      if (bytes[i] == '\n') {
        endLine();
      } else if (line.size() < LINE_LIMIT_BYTES) {
        line.write(bytes[i]);
      }
    }
  }

  /** The lines that nobody took, once the command has ended. */
  String kept() throws IOException {
    if (line.size() > 0) {
      endLine();
    }
    return kept.toString();
  }

  private void endLine() throws IOException {
    String text = line.toString(StandardCharsets.UTF_8);
    line.reset();
    if (reader.take(text)) {
      return;
    }
    if (kept.length() + text.length() >= KEPT_LIMIT_BYTES) {
      throw new TooLongException(KEPT_LIMIT_BYTES);
    }
    kept.append(text).append('\n');
  }
}
