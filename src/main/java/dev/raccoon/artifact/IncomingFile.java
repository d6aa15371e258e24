package dev.raccoon.artifact;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.raccoon.value.Sha256;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.Set;
import java.util.UUID;

/** A file that is being written; closed, it is gone unless it was renamed before. */
final class IncomingFile implements Closeable {
  private static final int BUFFER_BYTES = 128 * 1024;

  private final Path path;
  private final FileChannel channel;

  IncomingFile(Path folder) throws IOException {
    path = folder.resolve(UUID.randomUUID().toString());
    channel =
        FileChannel.open(
            path,
            Set.of(CREATE_NEW, WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }

  Path path() {
    return path;
  }

  Stored receive(InputStream bytes) throws IOException {
    MessageDigest digest = Sha256.newDigest();
    byte[] buffer = new byte[BUFFER_BYTES];
    long size = 0;
    for (int n = bytes.read(buffer); n >= 0; n = bytes.read(buffer)) {
      digest.update(buffer, 0, n);
      ByteBuffer part = ByteBuffer.wrap(buffer, 0, n);
      while (part.hasRemaining()) {
        size += channel.write(part);
      }
    }
    return new Stored(Sha256.of(digest), size);
  }

  /** From here on the bytes survive a power cut and are read-only, for owner and group (0440). */
  void makeDurable() throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("r--r-----"));
    channel.force(true);
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      Files.deleteIfExists(path);
    }
  }
}
