package dev.raccoon.artifact;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.raccoon.value.Sha256;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps artifacts as files: {@code sha256/ab/cdef…}, read-only, below a root folder. Bytes arrive
 * in {@code incoming/} of the same file system and get their name only when the disk has them.
 */
public final class FileArtifactStore implements ArtifactStore {
  private final Path artifacts;
  private final Path incoming;

  /** Held from looking whether a name is taken until it is taken, so that none is replaced. */
  private final ReentrantLock naming = new ReentrantLock();

  /** A store in {@code root}, which is made if missing. */
  public FileArtifactStore(Path root) throws IOException {
    // A process without a known start removes no leftovers rather than another's work.
    this(root, ProcessHandle.current().info().startInstant().orElse(Instant.MIN));
  }

  /** As above, for a process that has been running since {@code processStart}. */
  FileArtifactStore(Path root, Instant processStart) throws IOException {
    artifacts = root.toAbsolutePath().resolve("sha256");
    incoming = root.toAbsolutePath().resolve("incoming");
    makeFolders();
    removeLeftovers(processStart);
  }

  @Override
  public Stored put(InputStream bytes) throws IOException {
    try (IncomingFile arriving = arriving()) {
      Stored stored = arriving.receive(bytes);
      arriving.makeDurable();
      publish(arriving.path(), stored);
      return stored;
    }
  }

  /**
   * Whoever has removed the folder gets it back; but where the store itself is gone, its disk is
   * missing, and nothing must be kept in its place.
   */
  private IncomingFile arriving() throws IOException {
    if (Files.isDirectory(artifacts)) {
      Folders.make(incoming);
    }
    return new IncomingFile(incoming);
  }

  private void publish(Path arrived, Stored stored) throws IOException {
    Path named = path(stored.digest());
    naming.lock();
    try {
      OptionalLong present = size(stored.digest());
      if (present.isEmpty()) {
        Files.move(arrived, named, StandardCopyOption.ATOMIC_MOVE);
      } else if (present.getAsLong() != stored.sizeBytes()) {
        throw new IOException(
            "The stored artifact %s is damaged: it has %d bytes instead of %d."
                .formatted(stored.digest(), present.getAsLong(), stored.sizeBytes()));
      }
    } finally {
      naming.unlock();
    }
    // Also when another put named it: that one may not have got this far.
    Folders.sync(parent(named));
  }

  @Override
  public Optional<Blob> open(Sha256 digest) throws IOException {
    OptionalLong size = size(digest);
    return size.isEmpty()
        ? Optional.empty()
        : Optional.of(new Blob(size.getAsLong(), Files.newInputStream(path(digest))));
  }

  @Override
  public OptionalLong size(Sha256 digest) throws IOException {
    try {
      return OptionalLong.of(Files.size(path(digest)));
    } catch (NoSuchFileException e) {
      return OptionalLong.empty();
    }
  }

  @Override
  public Optional<Path> file(Sha256 digest) throws IOException {
    return exists(digest) ? Optional.of(path(digest)) : Optional.empty();
  }

  @Override
  public void check() throws IOException {
    byte[] probe = "Can this store be written to and read from?".getBytes(UTF_8);
    try (IncomingFile arriving = arriving()) {
      arriving.receive(new ByteArrayInputStream(probe));
      arriving.makeDurable();
      if (!Arrays.equals(Files.readAllBytes(arriving.path()), probe)) {
        throw new IOException("The artifact store reads back other bytes than were written.");
      }
    }
    if (!Files.isWritable(artifacts)) {
      throw new IOException("The artifact store's folder cannot be written to.");
    }
  }

  private Path path(Sha256 digest) {
    return artifacts.resolve(digest.hex().substring(0, 2)).resolve(digest.hex().substring(2));
  }

  /** All 256 folders at once, so that a put never has to make one durable in passing. */
  private void makeFolders() throws IOException {
    Folders.make(incoming);
    Folders.make(artifacts);
    for (int i = 0; i < 256; i++) {
      Files.createDirectories(artifacts.resolve(HexFormat.of().toHexDigits((byte) i)));
    }
    Folders.sync(artifacts);
  }

  /** What an earlier process was writing when it died; another's work of today is left alone. */
  private void removeLeftovers(Instant processStart) throws IOException {
    try (var files = Files.newDirectoryStream(incoming)) {
      for (Path file : files) {
        if (Files.getLastModifiedTime(file).toInstant().isBefore(processStart)) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  private static Path parent(Path path) {
    return Objects.requireNonNull(path.getParent(), "every artifact lies in a folder");
  }
}
