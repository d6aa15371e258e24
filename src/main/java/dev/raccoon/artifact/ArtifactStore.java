package dev.raccoon.artifact;

import dev.raccoon.value.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Bytes by their SHA-256. Every driver keeps these promises:
 *
 * <ul>
 *   <li>Immutable: what a digest names never changes, and nothing is ever overwritten.
 *   <li>Whole or absent: no reader sees a part of an artifact, not even after a crash.
 *   <li>Durable: once {@code put} has returned, a power cut loses nothing.
 *   <li>The same bytes put twice, at once or later, are kept once, and neither put fails.
 * </ul>
 *
 * <p>Thread-safe. An {@link IOException} always means that the store is in trouble, never that the
 * artifact is: a digest that nobody put is an empty result.
 */
public interface ArtifactStore {
  /**
   * Keeps all bytes up to the end of {@code bytes}, which the caller limits and closes. When this
   * throws, for want of space or because {@code bytes} broke off, nothing is kept.
   */
  Stored put(InputStream bytes) throws IOException;

  /** Keeps a copy of a file's bytes; the file stays the caller's. */
  default Stored put(Path file) throws IOException {
    try (InputStream bytes = Files.newInputStream(file)) {
      return put(bytes);
    }
  }

  /** The bytes of {@code digest}; the caller closes the blob. */
  Optional<Blob> open(Sha256 digest) throws IOException;

  /** The length in bytes of what {@code digest} names. */
  OptionalLong size(Sha256 digest) throws IOException;

  /** Whether {@link #open} would find something. */
  default boolean exists(Sha256 digest) throws IOException {
    return size(digest).isPresent();
  }

  /**
   * A local file that holds the bytes of {@code digest}, to be sent without copying and never
   * written to. Empty when there is no such artifact, and always for a driver without files: the
   * caller then goes on with {@link #open}.
   */
  Optional<Path> file(Sha256 digest) throws IOException;

  /** Writes some bytes, reads them back and removes them; returns when all of it worked. */
  void check() throws IOException;
}
