package dev.raccoon.artifact;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.raccoon.value.Sha256;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps artifacts as files: {@code sha256/ab/cdef…}, read-only, below a root folder. Bytes arrive
 * in {@code incoming/} of the same file system and get their name only when the disk has them. What
 * was found damaged when its bytes came again lies in {@code damaged/}.
 */
public final class FileArtifactStore implements ArtifactStore {
  private static final Logger log = LoggerFactory.getLogger(FileArtifactStore.class);

  private static final int FOLDERS = 256;
  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

  private final Path artifacts;
  private final Path incoming;
  private final Path damaged;
  private final Path removalLock;
  private final CheckedFiles files = new CheckedFiles();

  /** Held from looking whether a name is taken until it is taken, so that none is replaced. */
  private final DigestLocks naming = new DigestLocks();

  /** A store in {@code root}, which is made if missing. */
  public FileArtifactStore(Path root) throws IOException {
    // A process without a known start removes no leftovers rather than another's work.
    this(root, ProcessHandle.current().info().startInstant().orElse(Instant.MIN));
  }

  /** As above, for a process that has been running since {@code processStart}. */
  FileArtifactStore(Path root, Instant processStart) throws IOException {
    artifacts = root.toAbsolutePath().resolve("sha256");
    incoming = root.toAbsolutePath().resolve("incoming");
    damaged = root.toAbsolutePath().resolve("damaged");
    removalLock = root.toAbsolutePath().resolve("removal.lock");
    makeFolders();
    removeLeftovers(processStart);
  }

  /**
   * The store in {@code root}, which is made if missing, beside another process that may use it.
   */
  public static FileArtifactStore beside(Path root) throws IOException {
    return new FileArtifactStore(root, Instant.MIN);
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
    ReentrantLock lock = naming.of(stored.digest());
    lock.lock();
    try {
      if (!isKept(named, stored.digest())) {
        Files.move(arrived, named, StandardCopyOption.ATOMIC_MOVE);
      }
    } finally {
      lock.unlock();
    }
    // Also when another put named it: that one may not have got this far.
    Folders.sync(parent(named));
  }

  /** Whether these bytes are there; they count as put now. Others of their name are put aside. */
  private boolean isKept(Path named, Sha256 digest) throws IOException {
    if (!Files.exists(named)) {
      return false;
    }
    try (RemovalLock _ = RemovalLock.take(removalLock)) {
      Files.setLastModifiedTime(named, FileTime.from(Instant.now()));
    } catch (NoSuchFileException e) {
      return false;
    }
    try (Blob kept = files.open(named, digest).orElse(null)) {
      return kept != null;
    } catch (DamagedArtifactException e) {
      Folders.make(damaged);
      Path aside = damaged.resolve(digest + "." + UUID.randomUUID());
      Files.move(named, aside, StandardCopyOption.ATOMIC_MOVE);
      log.warn("The damaged artifact {} was put aside, and is kept whole again: {}", digest, aside);
      return false;
    }
  }

  @Override
  public Optional<Blob> open(Sha256 digest) throws IOException {
    return files.open(path(digest), digest);
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

  @Override
  public Condition verify(Sha256 digest) throws IOException {
    try {
      return Sha256.of(path(digest)).equals(digest) ? Condition.WHOLE : Condition.DAMAGED;
    } catch (NoSuchFileException e) {
      requireFolder();
      return Condition.MISSING;
    }
  }

  @Override
  public List<Kept> list(Optional<Sha256> after, int most) throws IOException {
    requireFolder();
    List<Kept> kept = new ArrayList<>();
    String behind = after.map(Sha256::hex).orElse("");
    int first = behind.isEmpty() ? 0 : Integer.parseInt(behind.substring(0, 2), 16);
    for (int i = first; i < FOLDERS && kept.size() < most; i++) {
      String folder = HexFormat.of().toHexDigits((byte) i);
      for (Sha256 digest : digests(folder)) {
        if (kept.size() < most && digest.hex().compareTo(behind) > 0) {
          kept(digest).ifPresent(kept::add);
        }
      }
    }
    return kept;
  }

  private List<Sha256> digests(String folder) throws IOException {
    try (Stream<Path> files = Files.list(artifacts.resolve(folder))) {
      return files
          .map(file -> folder + file.getFileName())
          .filter(name -> DIGEST.matcher(name).matches())
          .sorted()
          .map(Sha256::new)
          .toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private Optional<Kept> kept(Sha256 digest) throws IOException {
    try {
      BasicFileAttributes file = Files.readAttributes(path(digest), BasicFileAttributes.class);
      return Optional.of(new Kept(digest, file.size(), file.lastModifiedTime().toInstant()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  @Override
  public boolean remove(Sha256 digest, Instant putBefore) throws IOException {
    try (RemovalLock _ = RemovalLock.take(removalLock)) {
      Optional<Kept> kept = kept(digest);
      return kept.isPresent()
          && kept.get().put().isBefore(putBefore)
          && Files.deleteIfExists(path(digest));
    }
  }

  /** Where the store's disk is missing, nothing can be said of what it keeps. */
  private void requireFolder() throws IOException {
    if (!Files.isDirectory(artifacts)) {
      throw new NoSuchFileException(artifacts.toString(), null, "the artifact store is gone");
    }
  }

  private Path path(Sha256 digest) {
    return artifacts.resolve(digest.hex().substring(0, 2)).resolve(digest.hex().substring(2));
  }

  /** All 256 folders at once, so that a put never has to make one durable in passing. */
  private void makeFolders() throws IOException {
    Folders.make(incoming);
    Folders.make(artifacts);
    for (int i = 0; i < FOLDERS; i++) {
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
