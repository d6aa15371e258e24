package dev.raccoon.artifact;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.READ;

import dev.raccoon.cache.FileCache;
import dev.raccoon.config.ArtifactPlace;
import dev.raccoon.value.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps artifacts as objects of a bucket, {@code sha256/abcdef…}, and those that are read in a
 * local cache as well, from which they go out as files do. Only the cache's owner may use its
 * folder.
 */
public final class S3ArtifactStore implements ArtifactStore {
  private static final Logger log = LoggerFactory.getLogger(S3ArtifactStore.class);

  /** What was put longer ago than this is put again rather than found: nobody removes it then. */
  private static final Duration RECENT = Duration.ofHours(12);

  private static final Duration LEFTOVER = Duration.ofDays(1);

  /** For a look at the object, and again for its removal; later it is not begun. */
  private static final Duration LONGEST_REMOVAL = Duration.ofSeconds(30);

  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final int PUT_TRIES = 50;

  private final S3Service service;
  private final S3Bucket bucket;
  private final S3Upload upload;
  private final boolean redirects;
  private final FileCache cache;
  private final Clock clock;
  private final CheckedFiles files = new CheckedFiles();
  private final Looks<S3Bucket.State> looks = new Looks<>();

  /** Held while an object is fetched, so that many who want it at once fetch it once. */
  private final DigestLocks fetching = new DigestLocks();

  /**
   * A store in {@code place}, which is not asked for anything yet.
   *
   * @param redirects whether clients may be sent there
   * @param cache where what is read is kept; it is this store's alone
   */
  public S3ArtifactStore(
      ArtifactPlace.Bucket place, boolean redirects, FileCache cache, Clock clock) {
    this.service = S3Service.open(place.service());
    this.bucket = new S3Bucket(service.client(), place.name(), place.prefix());
    this.upload = new S3Upload(bucket);
    this.redirects = redirects;
    this.cache = cache;
    this.clock = clock;
  }

  @Override
  public Stored put(InputStream bytes) throws IOException {
    try (IncomingFile arriving = new IncomingFile(cache.folder())) {
      Stored stored = arriving.receive(bytes);
      publish(arriving.path(), stored);
      var _ = cache.keep(stored.digest().hex(), arriving.path(), stored.digest(), "");
      return stored;
    }
  }

  private void publish(Path arrived, Stored stored) throws IOException {
    String key = key(stored.digest());
    for (int i = 0; i < PUT_TRIES; i++) {
      boolean there = upload.putIfAbsent(key, arrived, stored) || isKept(key, arrived, stored);
      if (there && !isBeingRemoved(stored.digest())) {
        return;
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    throw new IOException(
        "The artifact " + stored.digest() + " is being put or removed by others.");
  }

  /** Whether these bytes are there by now, since a short time ago. */
  private boolean isKept(String key, Path arrived, Stored stored) throws IOException {
    Optional<S3Bucket.State> there = bucket.head(key);
    if (there.isEmpty()) {
      return false;
    }
    boolean whole = isWhole(stored.digest(), there.get());
    if (whole && there.get().modified().isAfter(clock.instant().minus(RECENT))) {
      return true;
    }
    if (!whole) {
      String aside = "damaged/" + stored.digest() + "/" + UUID.randomUUID();
      bucket.copy(key, aside);
      log.warn(
          "The damaged artifact {} was put aside, and is kept whole again: {}",
          stored.digest(),
          bucket.key(aside));
    }
    upload.put(key, arrived, stored);
    return true;
  }

  /**
   * Whether somebody may have found it old before it was put. Whoever removes says so first, and
   * looks at its time after that.
   */
  private boolean isBeingRemoved(Sha256 digest) throws IOException {
    Instant longAgo = clock.instant().minus(LONGEST_REMOVAL.multipliedBy(3));
    return bucket
        .head(removal(digest))
        .filter(mark -> mark.modified().isAfter(longAgo))
        .isPresent();
  }

  @Override
  public Optional<Blob> open(Sha256 digest) throws IOException {
    Optional<Blob> cached = cached(digest);
    if (cached.isPresent()) {
      return cached;
    }
    ReentrantLock lock = fetching.of(digest);
    lock.lock();
    try {
      cached = cached(digest);
      return cached.isPresent() ? cached : fetch(digest);
    } finally {
      lock.unlock();
    }
  }

  private Optional<Blob> cached(Sha256 digest) throws IOException {
    Optional<FileCache.Entry> entry = cache.findUnchecked(digest.hex());
    if (entry.isEmpty()) {
      return Optional.empty();
    }
    try {
      Optional<Blob> blob = files.open(entry.get().file(), digest);
      if (blob.isPresent()) {
        return blob;
      }
    } catch (DamagedArtifactException e) {
      // The bucket has it whole, or says that it has not.
    }
    cache.throwAway(digest.hex(), entry.get());
    return Optional.empty();
  }

  private Optional<Blob> fetch(Sha256 digest) throws IOException {
    String key = key(digest);
    refuseDamaged(digest);
    Optional<S3Bucket.Reading> found = bucket.get(key);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    S3Bucket.State state = found.get().state();
    try (InputStream bytes = found.get().bytes();
        IncomingFile arriving = new IncomingFile(cache.folder())) {
      Stored arrived = arriving.receive(bytes);
      boolean whole = arrived.digest().equals(digest);
      looks.remember(digest, state, whole);
      if (!whole) {
        throw new DamagedArtifactException(digest);
      }
      return Optional.of(kept(arriving.path(), arrived));
    }
  }

  /** Open from now on, whatever becomes of its name. */
  private Blob kept(Path arrived, Stored stored) throws IOException {
    Blob blob = new Blob(stored.sizeBytes(), FileChannel.open(arrived, READ));
    try {
      var _ = cache.keep(stored.digest().hex(), arrived, stored.digest(), "");
      return blob;
    } catch (IOException | RuntimeException e) {
      blob.close();
      throw e;
    }
  }

  /** What is known to be damaged is not fetched again for each who asks. */
  private void refuseDamaged(Sha256 digest) throws IOException {
    if (!looks.wasDamaged(digest)) {
      return;
    }
    Optional<S3Bucket.State> state = bucket.head(key(digest));
    if (state.isPresent() && !looks.find(digest, state.get()).orElse(true)) {
      throw new DamagedArtifactException(digest);
    }
  }

  @Override
  public OptionalLong size(Sha256 digest) throws IOException {
    Optional<S3Bucket.State> state = bucket.head(key(digest));
    return state.isPresent() ? OptionalLong.of(state.get().sizeBytes()) : OptionalLong.empty();
  }

  @Override
  public Optional<URI> address(Sha256 digest, Download download) throws IOException {
    if (!redirects) {
      return Optional.empty();
    }
    Optional<S3Bucket.State> state = bucket.head(key(digest));
    if (state.isEmpty()) {
      return Optional.empty();
    }
    if (!isWhole(digest, state.get())) {
      throw new DamagedArtifactException(digest);
    }
    return Optional.of(service.presign(bucket.name(), bucket.key(key(digest)), download));
  }

  /** Whether an object has the digest it should; it is read unless this process has read it. */
  private boolean isWhole(Sha256 digest, S3Bucket.State state) throws IOException {
    Optional<Boolean> known = looks.find(digest, state);
    return known.isPresent() ? known.get() : verify(digest) == Condition.WHOLE;
  }

  @Override
  public Condition verify(Sha256 digest) throws IOException {
    Optional<S3Bucket.Reading> found = bucket.get(key(digest));
    if (found.isEmpty()) {
      return Condition.MISSING;
    }
    try (InputStream bytes = found.get().bytes()) {
      boolean whole = CheckedFiles.digest(bytes).equals(digest);
      looks.remember(digest, found.get().state(), whole);
      return whole ? Condition.WHOLE : Condition.DAMAGED;
    }
  }

  @Override
  public void check() throws IOException {
    byte[] probe = "Can this store be written to and read from?".getBytes(UTF_8);
    String key = "probe/" + UUID.randomUUID();
    bucket.putBytes(key, probe);
    try (InputStream bytes =
        bucket.get(key).map(S3Bucket.Reading::bytes).orElse(InputStream.nullInputStream())) {
      if (!Arrays.equals(bytes.readAllBytes(), probe)) {
        throw new IOException("The artifact store reads back other bytes than were written.");
      }
    } finally {
      bucket.delete(key, LONGEST_REMOVAL);
    }
  }

  @Override
  public List<Kept> list(Optional<Sha256> after, int most) throws IOException {
    String folder = "sha256/";
    return bucket.list(folder, folder + after.map(Sha256::hex).orElse(""), most).stream()
        .map(object ->
            new Kept(
                new Sha256(object.key().substring(bucket.key(folder).length())),
                object.size(),
                object.lastModified()))
        .toList();
  }

  @Override
  public boolean remove(Sha256 digest, Instant putBefore) throws IOException {
    Instant latest = clock.instant().plus(LONGEST_REMOVAL);
    bucket.putBytes(removal(digest), new byte[0]);
    try {
      Optional<S3Bucket.State> state = bucket.head(key(digest));
      if (state.isEmpty()
          || !state.get().modified().isBefore(putBefore)
          || clock.instant().isAfter(latest)) {
        return false;
      }
      bucket.delete(key(digest), LONGEST_REMOVAL);
      return true;
    } finally {
      bucket.delete(removal(digest), LONGEST_REMOVAL);
    }
  }

  /** Removes what processes that died have left in the bucket, for a day at least. */
  public void removeLeftovers() throws IOException {
    int removed = upload.removeLeftovers(clock.instant().minus(LEFTOVER));
    if (removed > 0) {
      log.info("{} uploads that were never ended were taken back", removed);
    }
  }

  @Override
  public void close() {
    service.close();
  }

  private static String key(Sha256 digest) {
    return "sha256/" + digest;
  }

  /** The mark of whoever is about to remove {@code digest}. */
  private static String removal(Sha256 digest) {
    return "removing/" + digest;
  }
}
