package dev.raccoon.artifact;

import dev.raccoon.value.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Bytes by their SHA-256. Every driver keeps these promises:
 *
 * <ul>
 *   <li>Immutable: what a digest names never changes. Only bytes that are not what their digest
 *       says are ever replaced, and they are put aside first.
 *   <li>Whole or absent: no reader sees a part of an artifact, not even after a crash.
 *   <li>True: what is handed out has been found to have its digest, by this process.
 *   <li>Durable: once {@code put} has returned, a power cut loses nothing.
 *   <li>The same bytes put twice, at once or later, are kept once, and neither put fails.
 * </ul>
 *
 * <p>Thread-safe. An {@link IOException} means that the store is in trouble, but for a {@link
 * DamagedArtifactException}: that one artifact is. A digest that nobody put is an empty result.
 */
public interface ArtifactStore extends AutoCloseable {
  /**
   * Keeps all bytes up to the end of {@code bytes}, which the caller limits and closes. When this
   * throws, for want of space or because {@code bytes} broke off, nothing is kept. Bytes that are
   * there already count as put now; where those that are there are damaged, these take their place.
   */
  Stored put(InputStream bytes) throws IOException;

  /** Keeps a copy of a file's bytes; the file stays the caller's. */
  default Stored put(Path file) throws IOException {
    try (InputStream bytes = Files.newInputStream(file)) {
      return put(bytes);
    }
  }

  /**
   * The bytes of {@code digest}; the caller closes the blob.
   *
   * @throws DamagedArtifactException when they are others than the digest says
   */
  Optional<Blob> open(Sha256 digest) throws IOException;

  /** The length in bytes of what {@code digest} names, which nobody has looked at. */
  OptionalLong size(Sha256 digest) throws IOException;

  /** Whether something is kept by that name. */
  default boolean exists(Sha256 digest) throws IOException {
    return size(digest).isPresent();
  }

  /**
   * Where clients can fetch the bytes of {@code digest} by themselves for a while. Empty when there
   * is no such artifact, and always for a store that wants them to come to the server: the caller
   * then goes on with {@link #open}.
   *
   * @throws DamagedArtifactException as {@link #open}
   */
  default Optional<URI> address(Sha256 digest, Download download) throws IOException {
    return Optional.empty();
  }

  /** How the bytes are to be sent: by {@code GET} or {@code HEAD}, with those header fields. */
  record Download(String method, String contentType, String contentDisposition) {}

  /** Writes some bytes, reads them back and removes them; returns when all of it worked. */
  void check() throws IOException;

  /** Reads all bytes of {@code digest} where they are kept, whatever was found of them before. */
  Condition verify(Sha256 digest) throws IOException;

  /** What was found of an artifact. */
  enum Condition {
    WHOLE,
    DAMAGED,
    MISSING
  }

  /**
   * What is kept, in the order of its digests: the first {@code most} behind {@code after}, or from
   * the beginning.
   */
  List<Kept> list(Optional<Sha256> after, int most) throws IOException;

  /** One that is kept, and when it was put last, within half a day. */
  record Kept(Sha256 digest, long sizeBytes, Instant put) {}

  /**
   * Removes what {@code digest} names unless it was put after {@code putBefore}, at least a day
   * ago. Whoever puts the same bytes at this moment, here or elsewhere, finds them kept.
   *
   * @return whether it was removed
   */
  boolean remove(Sha256 digest, Instant putBefore) throws IOException;

  /** Ends its connections, if it has any; what was opened stays open. */
  @Override
  default void close() {}
}
