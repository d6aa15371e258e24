package dev.raccoon.artifact;

import static java.nio.file.StandardOpenOption.READ;

import dev.raccoon.value.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Opens files that have the digest they should. A file is read whole when this process opens it for
 * the first time; what was found holds for as long as the file's times, length and place on its
 * disk are the same. Thread-safe.
 */
final class CheckedFiles {
  private static final int BUFFER_BYTES = 128 * 1024;

  private final Looks<Map<String, Object>> looks = new Looks<>();

  /** Held while a file is read, so that many who want it at once read it once. */
  private final DigestLocks reading = new DigestLocks();

  /**
   * The bytes of {@code file}, if it is there; the caller closes the blob.
   *
   * @throws DamagedArtifactException when they have another digest
   */
  Optional<Blob> open(Path file, Sha256 digest) throws IOException {
    FileChannel channel;
    Map<String, Object> identity;
    try {
      // Before the file is opened: whoever puts another one in its place makes this one unknown.
      identity = identity(file);
      channel = FileChannel.open(file, READ);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    try {
      if (isWhole(file, identity, channel, digest)) {
        return Optional.of(new Blob(channel.size(), channel));
      }
      throw new DamagedArtifactException(digest);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private boolean isWhole(
      Path file, Map<String, Object> identity, FileChannel channel, Sha256 digest)
      throws IOException {
    Optional<Boolean> known = looks.find(digest, identity);
    if (known.isPresent()) {
      return known.get();
    }
    ReentrantLock lock = reading.of(digest);
    lock.lock();
    try {
      known = looks.find(digest, identity);
      if (known.isPresent()) {
        return known.get();
      }
      boolean whole = digest(channel).equals(digest);
      if (isStill(file, identity)) {
        looks.remember(digest, identity, whole);
      }
      return whole;
    } finally {
      lock.unlock();
    }
  }

  private static boolean isStill(Path file, Map<String, Object> identity) throws IOException {
    try {
      return identity(file).equals(identity);
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private static Map<String, Object> identity(Path file) throws IOException {
    return Files.readAttributes(file, "unix:dev,ino,size,lastModifiedTime,ctime");
  }

  /** The digest of all that {@code channel} has; its position stays. */
  private static Sha256 digest(FileChannel channel) throws IOException {
    return digest(new FileSlice(channel, 0, channel.size()));
  }

  /** The digest of all that comes. */
  static Sha256 digest(InputStream bytes) throws IOException {
    MessageDigest digest = Sha256.newDigest();
    byte[] buffer = new byte[BUFFER_BYTES];
    for (int n = bytes.read(buffer); n >= 0; n = bytes.read(buffer)) {
      digest.update(buffer, 0, n);
    }
    return Sha256.of(digest);
  }
}
