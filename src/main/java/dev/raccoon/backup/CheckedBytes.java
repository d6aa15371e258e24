package dev.raccoon.backup;

import dev.raccoon.value.Sha256;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/** Bytes that break off at their end where they are not what their digest says. */
final class CheckedBytes extends FilterInputStream {
  private final Sha256 expected;
  private final MessageDigest digest = Sha256.newDigest();

  CheckedBytes(InputStream bytes, Sha256 expected) {
    super(bytes);
    this.expected = expected;
  }

  /** They are others. */
  static final class WrongException extends IOException {
    private static final long serialVersionUID = 1L;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int n = in.read(buffer, offset, length);
    if (n > 0) {
      digest.update(buffer, offset, n);
    } else if (n < 0 && !Sha256.of(digest).equals(expected)) {
      throw new WrongException();
    }
    return n;
  }
}
