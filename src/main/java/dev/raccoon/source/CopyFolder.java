package dev.raccoon.source;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.raccoon.value.CloneUrl;
import dev.raccoon.value.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder of bare repositories of at most so many bytes. One that somebody holds is never removed;
 * of the others, those that nobody used for longest go first. Thread-safe.
 */
final class CopyFolder {
  private static final Logger log = LoggerFactory.getLogger(CopyFolder.class);
  private static final Pattern NAME = Pattern.compile("[0-9a-f]{40}\\.git");

  /** Holds what a copy was like when it was whole. */
  static final String STATE = "raccoon-state";

  private final Path folder;
  private final long maxBytes;
  private final Clock clock;
  private final Map<Path, Kept> all = new HashMap<>();

  /** What is known of one. */
  private static final class Kept {
    private final ReentrantLock lock = new ReentrantLock();
    private long bytes;
    private int holders;
    private Instant used = Instant.EPOCH;
  }

  /** Takes over what an earlier server left in {@code folder}, which is made. */
  CopyFolder(Path folder, long maxBytes, Clock clock) throws IOException {
    this.folder = folder;
    this.maxBytes = maxBytes;
    this.clock = clock;
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        takeOver(entry);
      }
    }
    shrink();
  }

  private void takeOver(Path entry) throws IOException {
    if (!NAME.matcher(entry.getFileName().toString()).matches()
        || !Files.exists(entry.resolve(STATE))) {
      delete(entry);
      return;
    }
    removeDrafts(entry);
    Kept kept = new Kept();
    kept.bytes = size(entry);
    kept.used = Files.getLastModifiedTime(entry.resolve(STATE)).toInstant();
    all.put(entry, kept);
  }

  /** What a fetch leaves that was killed. */
  private static void removeDrafts(Path repository) throws IOException {
    Path packs = repository.resolve("objects/pack");
    if (!Files.isDirectory(packs)) {
      return;
    }
    try (DirectoryStream<Path> drafts = Files.newDirectoryStream(packs, "{tmp_,.tmp-}*")) {
      for (Path draft : drafts) {
        delete(draft);
      }
    }
  }

  /** The copy of {@code url}, new or not, which stays until it is closed. */
  synchronized Copy take(CloneUrl url) {
    String name = Sha256.of(url.toString().getBytes(UTF_8)).hex().substring(0, 40) + ".git";
    Path repository = folder.resolve(name);
    Kept kept = all.computeIfAbsent(repository, first -> new Kept());
    kept.holders++;
    kept.used = clock.instant();
    return new Copy(repository, kept);
  }

  /** One that is held. Its lock is for who changes it. */
  final class Copy implements AutoCloseable {
    private final Path repository;
    private final Kept kept;
    private boolean closed;

    private Copy(Path repository, Kept kept) {
      this.repository = repository;
      this.kept = kept;
    }

    Path repository() {
      return repository;
    }

    ReentrantLock lock() {
      return kept.lock;
    }

    boolean isNew() {
      return !Files.exists(repository.resolve("HEAD"));
    }

    /** The text of a file of ours in it; empty where there is none. */
    String read(String name) throws IOException {
      Path file = repository.resolve(name);
      if (!Files.exists(file)) {
        return "";
      }
      Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
      return Files.readString(file);
    }

    /** Of all that it consists of but our own state: another one with any byte that changes. */
    String checksum() throws IOException {
      CRC32C sum = new CRC32C();
      if (Files.exists(repository)) {
        try (Stream<Path> files = Files.walk(repository)) {
          for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
            if (!file.equals(repository.resolve(STATE))) {
              String name = repository.relativize(file) + "\n" + Files.size(file) + "\n";
              sum.update(name.getBytes(UTF_8));
              update(sum, file);
            }
          }
        } catch (UncheckedIOException e) {
          throw e.getCause();
        }
      }
      return Long.toHexString(sum.getValue());
    }

    private static void update(CRC32C sum, Path file) throws IOException {
      try (InputStream in = Files.newInputStream(file)) {
        byte[] buffer = new byte[256 << 10];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          sum.update(buffer, 0, n);
        }
      }
    }

    /** How many packs its objects lie in. */
    int packs() throws IOException {
      try (DirectoryStream<Path> packs =
          Files.newDirectoryStream(repository.resolve("objects/pack"), "*.pack")) {
        int count = 0;
        for (Path ignored : packs) {
          count++;
        }
        return count;
      }
    }

    /** Without a state, it is no copy for whoever comes next. */
    void forgetState() {
      try {
        Files.deleteIfExists(repository.resolve(STATE));
      } catch (IOException e) {
        log.warn("A copy that failed is still there: {}", e.getMessage());
      }
    }

    void write(String name, String text) throws IOException {
      Path draft = Files.writeString(repository.resolve(name + ".new"), text);
      Files.move(draft, repository.resolve(name), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void close() {
      synchronized (CopyFolder.this) {
        if (!closed) {
          closed = true;
          kept.holders--;
          if (kept.holders == 0 && kept.bytes == 0) {
            all.remove(repository);
          }
          shrink();
        }
      }
    }
  }

  /** Counts {@code copy} anew, by who has its lock. */
  synchronized void changed(Copy copy) throws IOException {
    copy.kept.bytes = size(copy.repository);
    shrink();
  }

  /** Removes what is in {@code copy}, unless somebody else holds it, too. */
  synchronized boolean discard(Copy copy) throws IOException {
    if (copy.kept.holders > 1) {
      return false;
    }
    delete(copy.repository);
    copy.kept.bytes = 0;
    return true;
  }

  private synchronized void shrink() {
    long bytes = all.values().stream().mapToLong(kept -> kept.bytes).sum();
    while (bytes > maxBytes) {
      Optional<Map.Entry<Path, Kept>> oldest =
          all.entrySet().stream()
              .filter(entry -> entry.getValue().holders == 0)
              .min(Comparator.comparing(entry -> entry.getValue().used));
      if (oldest.isEmpty()) {
        return;
      }
      bytes -= oldest.get().getValue().bytes;
      all.remove(oldest.get().getKey());
      try {
        delete(oldest.get().getKey());
      } catch (IOException e) {
        log.warn("A copy of a repository was not removed: {}", e.getMessage());
      }
    }
  }

  private static long size(Path root) throws IOException {
    if (!Files.exists(root)) {
      return 0;
    }
    long[] bytes = {0};
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            bytes[0] += attributes.size();
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE; // a draft of a git that has just been killed
            }
            throw e;
          }
        });
    return bytes[0];
  }

  private static void delete(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    // First, so that what is half deleted is no copy any more.
    Files.deleteIfExists(root.resolve(STATE));
    try (var paths = Files.walk(root)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
