package dev.raccoon.artifact;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Some bytes of an open file, which stays open; several may be read at once. */
final class FileSlice extends InputStream {
  private final FileChannel file;
  private final long end;
  private long position;

  FileSlice(FileChannel file, long first, long length) {
    this.file = file;
    this.position = first;
    this.end = first + length;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    int most = (int) Math.min(length, end - position);
    int count = most == 0 ? -1 : file.read(ByteBuffer.wrap(into, offset, most), position);
    position += Math.max(0, count);
    return count;
  }
}
