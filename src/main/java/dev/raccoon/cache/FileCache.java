package dev.raccoon.cache;

import dev.raccoon.value.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files by their keys, each with its digest and the validator that its origin gave it, in a folder
 * of at most so many bytes: those that nobody used for longest go first. A file's name says all
 * that is known of it, so that one rename makes an entry, and whatever a crash leaves is no entry
 * or a whole one. Thread-safe.
 */
public final class FileCache {
  private static final Logger log = LoggerFactory.getLogger(FileCache.class);

  /** Longer ones would make names that file systems do not take. */
  private static final int MAX_VALIDATOR_LENGTH = 100;

  private static final String DRAFT = "draft-";

  /** How often a file's own time is set, by which a later server knows when it was used. */
  private static final Duration NOTED = Duration.ofHours(1);

  private final Path folder;
  private final long maxBytes;
  private final Clock clock;
  private final Map<String, Kept> entries = new HashMap<>();
  private long bytes;

  /**
   * A file that is here.
   *
   * @param validator the ETag that its origin gave it
   */
  public record Entry(Path file, Sha256 digest, String validator, long sizeBytes) {}

  /** {@code noted}: the use that the file's own time tells of. */
  private record Kept(Entry entry, Instant used, Instant noted) {}

  /**
   * Keeps files in {@code folder}, which is made; what an earlier server left there is taken over,
   * but for its drafts.
   *
   * @param maxBytes of all files together
   */
  public FileCache(Path folder, long maxBytes, Clock clock) throws IOException {
    this.folder = folder;
    this.maxBytes = maxBytes;
    this.clock = clock;
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        takeOver(file);
      }
    }
    shrink();
  }

  private void takeOver(Path file) throws IOException {
    Optional<Name> name = Name.parse(file.getFileName().toString());
    if (name.isEmpty() || !Files.isRegularFile(file)) {
      Files.deleteIfExists(file);
      return;
    }
    Instant used = Files.getLastModifiedTime(file).toInstant();
    Kept other = entries.get(name.get().key());
    if (other != null && other.used().isAfter(used)) {
      Files.delete(file);
      return;
    }
    add(name.get().key(), name.get().entry(file, Files.size(file)), used);
  }

  /** What the name of an entry's file says. */
  private record Name(String key, Sha256 digest, String validator) {
    private static final Pattern FORM =
        Pattern.compile("([0-9a-f]{32})\\.([0-9a-f]{64})\\.([0-9A-Za-z_-]*)");

    static Optional<Name> parse(String text) {
      Matcher form = FORM.matcher(text);
      if (!form.matches()) {
        return Optional.empty();
      }
      try {
        byte[] validator = Base64.getUrlDecoder().decode(form.group(3));
        return Optional.of(
            new Name(
                form.group(1),
                new Sha256(form.group(2)),
                new String(validator, StandardCharsets.ISO_8859_1)));
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
    }

    Entry entry(Path file, long sizeBytes) {
      return new Entry(file, digest, validator, sizeBytes);
    }

    @Override
    public String toString() {
      byte[] octets = validator.getBytes(StandardCharsets.ISO_8859_1);
      return key
          + "."
          + digest
          + "."
          + Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
    }
  }

  /** What is kept for {@code key}, if its bytes are still what they were; it counts as used now. */
  public Optional<Entry> find(String key) {
    Optional<Entry> found = findUnchecked(key);
    if (found.isPresent() && !isWhole(found.get())) {
      throwAway(key, found.get());
      return Optional.empty();
    }
    return found;
  }

  /** The same, but nobody has looked at its bytes. */
  public Optional<Entry> findUnchecked(String key) {
    return used(hash(key));
  }

  /** Keeps {@code damaged} no longer, unless another is kept for {@code key} by now. */
  public void throwAway(String key, Entry damaged) {
    log.warn("A damaged file of the cache was thrown away: {}", damaged.file());
    remove(hash(key), damaged);
  }

  private synchronized Optional<Entry> used(String key) {
    Kept kept = entries.get(key);
    if (kept == null) {
      return Optional.empty();
    }
    Instant now = clock.instant();
    boolean note = kept.noted().plus(NOTED).isBefore(now);
    entries.put(key, new Kept(kept.entry(), now, note ? now : kept.noted()));
    if (note) {
      try {
        Files.setLastModifiedTime(kept.entry().file(), FileTime.from(now));
      } catch (IOException e) {
        // It is gone: its bytes are looked at next.
      }
    }
    return Optional.of(kept.entry());
  }

  private static boolean isWhole(Entry entry) {
    try {
      return Sha256.of(entry.file()).equals(entry.digest());
    } catch (IOException e) {
      return false;
    }
  }

  /** Where drafts are written; whatever lies here and is no entry goes at the next start. */
  public Path folder() {
    return folder;
  }

  /** A new place to write a file to, which {@link #keep} takes or the caller deletes. */
  public Path draft() {
    return folder.resolve(DRAFT + UUID.randomUUID());
  }

  /**
   * Keeps the file {@code draft} for {@code key} from now on, unless its validator is longer than
   * 100 characters or it alone is larger than all may be. Answers where it is now; otherwise it
   * stays where it was.
   */
  public Optional<Entry> keep(String key, Path draft, Sha256 digest, String validator)
      throws IOException {
    long size = Files.size(draft);
    if (size > maxBytes || validator.length() > MAX_VALIDATOR_LENGTH) {
      return Optional.empty();
    }
    Name name = new Name(hash(key), digest, validator);
    synchronized (this) {
      Path file = folder.resolve(name.toString());
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      Entry entry = name.entry(file, size);
      add(name.key(), entry, clock.instant());
      shrink();
      return Optional.of(entry);
    }
  }

  private synchronized void add(String key, Entry entry, Instant used) {
    Kept before = entries.get(key);
    entries.put(key, new Kept(entry, used, used));
    bytes += entry.sizeBytes();
    if (before != null) {
      bytes -= before.entry().sizeBytes();
      if (!before.entry().file().equals(entry.file())) {
        delete(before.entry().file());
      }
    }
  }

  private synchronized void remove(String key, Entry entry) {
    Kept now = entries.get(key);
    if (now != null && now.entry().equals(entry)) {
      entries.remove(key);
      bytes -= entry.sizeBytes();
      delete(entry.file());
    }
  }

  private synchronized void shrink() {
    if (bytes <= maxBytes) {
      return;
    }
    var oldestFirst =
        entries.entrySet().stream()
            .sorted(Comparator.comparing(kept -> kept.getValue().used()))
            .toList();
    for (var kept : oldestFirst) {
      if (bytes <= maxBytes) {
        return;
      }
      remove(kept.getKey(), kept.getValue().entry());
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As much of its digest as a file's name has room for. */
  private static String hash(String key) {
    return Sha256.of(key.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 32);
  }
}
