package dev.raccoon.artifact;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raccoon.artifact.ArtifactStore.Condition;
import dev.raccoon.cache.FileCache;
import dev.raccoon.config.ArtifactPlace;
import dev.raccoon.testing.Patience;
import dev.raccoon.testing.S3Server;
import dev.raccoon.testing.SettableClock;
import dev.raccoon.value.Sha256;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/** Against a real server of the S3 protocol. */
class S3ArtifactStoreTest extends ArtifactStoreContract {
  private static final int LARGE = S3Upload.PART_BYTES + 1_000_000;

  @TempDir static Path served;
  private static S3Server server;

  private final String prefix = "p" + UUID.randomUUID() + "/";
  private final List<S3ArtifactStore> opened = new ArrayList<>();
  private S3ArtifactStore store;

  @BeforeAll
  static void startServer() throws IOException {
    server = S3Server.start(served);
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void openStore() throws IOException {
    store = another(1 << 30, Clock.systemUTC());
  }

  @AfterEach
  void closeStores() {
    opened.forEach(S3ArtifactStore::close);
  }

  @Override
  ArtifactStore store() {
    return store;
  }

  /** The same bucket, as another node has it. */
  private S3ArtifactStore another(long cacheBytes, Clock clock) throws IOException {
    return another(server, cacheBytes, clock);
  }

  private S3ArtifactStore another(S3Server of, long cacheBytes, Clock clock) throws IOException {
    Path cache = folder.resolve("cache" + UUID.randomUUID());
    S3ArtifactStore made =
        new S3ArtifactStore(
            new ArtifactPlace.Bucket(
                S3Server.BUCKET,
                prefix,
                new ArtifactPlace.Service(Optional.of(of.endpoint()), Optional.empty())),
            false,
            new FileCache(cache, cacheBytes, clock),
            clock);
    opened.add(made);
    return made;
  }

  private Path object(Sha256 digest) {
    return server.object(prefix + "sha256/" + digest);
  }

  @Override
  void damage(Sha256 digest, byte[] bytes) throws IOException {
    Files.write(object(digest), bytes);
    // This node has the true bytes; another one has not.
    store = another(1 << 30, Clock.systemUTC());
  }

  @Override
  List<byte[]> putAside() throws IOException {
    List<byte[]> all = new ArrayList<>();
    try (Stream<Path> files = Files.walk(server.object(prefix + "damaged"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        all.add(Files.readAllBytes(file));
      }
    }
    return all;
  }

  @Test
  void whatIsLargerThanOnePartIsPutInSeveralAndLeavesNoUpload() throws Exception {
    byte[] bytes = randomBytes(LARGE);
    Sha256 digest = store.put(new ByteArrayInputStream(bytes)).digest();

    assertThat(store.verify(digest)).isEqualTo(Condition.WHOLE);
    assertThat(another(0, Clock.systemUTC()).size(digest)).hasValue(LARGE);
    try (Blob blob = another(0, Clock.systemUTC()).open(digest).orElseThrow()) {
      assertThat(CheckedFiles.digest(blob.bytes())).isEqualTo(digest);
    }
    assertThat(uploads(server)).isZero();
  }

  @Test
  void twoNodesPutTheSameLargeBytesAtOnceAndNeitherFails() throws Exception {
    byte[] bytes = randomBytes(LARGE);
    S3ArtifactStore other = another(1 << 30, Clock.systemUTC());
    try (var threads = Executors.newFixedThreadPool(2)) {
      Future<Stored> here = threads.submit(() -> store.put(new ByteArrayInputStream(bytes)));
      Future<Stored> there = threads.submit(() -> other.put(new ByteArrayInputStream(bytes)));
      assertThat(here.get()).isEqualTo(there.get());
    }
    assertThat(store.verify(Sha256.of(bytes))).isEqualTo(Condition.WHOLE);
    assertThat(uploads(server)).isZero();
  }

  @Test
  void whatWasReadOnceIsServedWhileTheBucketIsAwayAndElseThatIsTrouble() throws Exception {
    Sha256 read = store.put(bytes("read")).digest();
    try (S3Server own = S3Server.start(folder.resolve("own"))) {
      S3ArtifactStore away = another(own, 1 << 20, Clock.systemUTC());
      assertThat(away.put(bytes("read")).digest()).isEqualTo(read);
      own.stop();

      try (Blob blob = away.open(read).orElseThrow()) {
        assertThat(blob.bytes()).hasContent("read");
      }
      assertThatThrownBy(() -> away.open(Sha256.of(new byte[] {7})))
          .isInstanceOf(StoreAwayException.class);
      assertThatThrownBy(() -> away.put(bytes("new"))).isInstanceOf(StoreAwayException.class);
      assertThatThrownBy(away::check).isInstanceOf(StoreAwayException.class);

      own.startAgain();
      away.check();
      assertThat(away.exists(away.put(bytes("new")).digest())).isTrue();
    }
  }

  @Test
  void aBucketThatIsMissingIsTroubleAndNoMissingArtifact() throws Exception {
    S3ArtifactStore wrong =
        new S3ArtifactStore(
            new ArtifactPlace.Bucket(
                "no-such-bucket",
                "",
                new ArtifactPlace.Service(Optional.of(server.endpoint()), Optional.empty())),
            false,
            new FileCache(folder.resolve("wrong"), 0, Clock.systemUTC()),
            Clock.systemUTC());
    opened.add(wrong);

    assertThatThrownBy(() -> wrong.open(Sha256.of(new byte[] {7})))
        .isInstanceOf(StoreAwayException.class);
    assertThatThrownBy(wrong::check).isInstanceOf(StoreAwayException.class);
  }

  @Test
  void aCacheWithoutRoomStillGivesWholeFilesAndKeepsNone() throws Exception {
    Sha256 digest = store.put(bytes("not kept here")).digest();
    S3ArtifactStore bare = another(0, Clock.systemUTC());

    try (Blob blob = bare.open(digest).orElseThrow()) {
      assertThat(blob.bytes()).hasContent("not kept here");
    }
    try (Stream<Path> all = Files.walk(folder)) {
      assertThat(all.filter(Files::isRegularFile).filter(f -> !f.toString().contains("/own/")))
          .as("only the first node keeps it")
          .hasSize(1);
    }
  }

  @Test
  void aDamagedFileOfTheCacheIsFetchedAgain() throws Exception {
    Sha256 digest = store.put(bytes("cached")).digest();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        Files.delete(file);
        Files.writeString(file, "CACHED");
      }
    }

    assertThat(read(digest)).asString(UTF_8).isEqualTo("cached");
  }

  @Test
  void whatWasPutLongAgoIsPutAgainSoThatNobodyRemovesIt() throws Exception {
    Sha256 digest = store.put(bytes("old")).digest();
    SettableClock later = new SettableClock();
    later.pass(Duration.between(later.instant(), Instant.now().plus(Duration.ofDays(2))));
    Files.setLastModifiedTime(
        object(digest), FileTime.from(Instant.now().minus(Duration.ofDays(2))));

    store.put(bytes("old"));

    assertThat(store.remove(digest, Instant.now().minus(Duration.ofDays(1)))).isFalse();
    assertThat(store.remove(digest, later.instant())).isTrue();
  }

  @Test
  void aNodeThatDiesInTheMiddleLeavesNothingToReadAndItsPartsGoADayLater() throws Exception {
    CountDownLatch second = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    ForwardingBlobStore held =
        new ForwardingBlobStore(S3Server.files(folder.resolve("held"))) {
          @Override
          public UploadPartResponse uploadMultipartPart(
              MultipartUpload upload, UploadPartRequest request, java.io.InputStream bytes) {
            if (request.partNumber() == 2) {
              second.countDown();
              hold(released);
            }
            return super.uploadMultipartPart(upload, request, bytes);
          }
        };
    try (S3Server slow = S3Server.start(folder.resolve("held"), held)) {
      Process node =
          new ProcessBuilder(
                  OtherProcess.java(),
                  "-Daws.accessKeyId=" + S3Server.CREDENTIALS.get("AWS_ACCESS_KEY_ID"),
                  "-Daws.secretAccessKey=" + S3Server.CREDENTIALS.get("AWS_SECRET_ACCESS_KEY"),
                  "-cp",
                  OtherProcess.classPath(),
                  PutIntoABucket.class.getName(),
                  slow.endpoint().toString(),
                  prefix,
                  folder.resolve("dies").toString(),
                  Integer.toString(LARGE))
              .inheritIO()
              .start();
      second.await();
      node.destroyForcibly().waitFor();
      released.countDown();

      SettableClock clock = new SettableClock();
      clock.pass(Duration.between(clock.instant(), Instant.now()));
      S3ArtifactStore after = another(slow, 1 << 20, clock);
      assertThat(after.list(Optional.empty(), 10)).isEmpty();
      after.removeLeftovers();
      assertThat(uploads(slow)).isEqualTo(1);
      clock.pass(Duration.ofDays(2));
      after.removeLeftovers();
      assertThat(uploads(slow)).isZero();
    }
  }

  @Test
  void whoPutsWhatIsJustBeingRemovedWaitsAndFindsItKept() throws Exception {
    CountDownLatch removing = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    ForwardingBlobStore held =
        new ForwardingBlobStore(S3Server.files(folder.resolve("removes"))) {
          @Override
          public DeleteObjectResponse removeBlob(DeleteObjectRequest request) {
            if (request.key().contains("sha256/")) {
              removing.countDown();
              hold(released);
            }
            return super.removeBlob(request);
          }
        };
    try (S3Server slow = S3Server.start(folder.resolve("removes"), held);
        var threads = Executors.newFixedThreadPool(2)) {
      S3ArtifactStore remover = another(slow, 0, Clock.systemUTC());
      S3ArtifactStore putter = another(slow, 0, Clock.systemUTC());
      Sha256 digest = putter.put(bytes("old")).digest();
      Path object = slow.object(prefix + "sha256/" + digest);
      FileTime old = FileTime.from(Instant.now().minus(Duration.ofDays(2)));
      Files.setLastModifiedTime(object, old);

      Future<Boolean> removed =
          threads.submit(() -> remover.remove(digest, Instant.now().minus(Duration.ofDays(1))));
      removing.await();
      Future<Stored> put = threads.submit(() -> putter.put(bytes("old")));
      Patience.await(() -> Optional.of(modified(object)).filter(now -> now.compareTo(old) > 0));
      released.countDown();

      assertThat(removed.get()).isTrue();
      assertThat(put.get().digest()).isEqualTo(digest);
      assertThat(putter.verify(digest)).isEqualTo(Condition.WHOLE);
    }
  }

  private static FileTime modified(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void hold(CountDownLatch released) {
    try {
      released.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static int uploads(S3Server of) {
    try (S3Service service =
        S3Service.open(new ArtifactPlace.Service(Optional.of(of.endpoint()), Optional.empty()))) {
      return service.client().listMultipartUploads(r -> r.bucket(S3Server.BUCKET)).uploads().size();
    }
  }

  private static ByteArrayInputStream bytes(String text) {
    return new ByteArrayInputStream(text.getBytes(UTF_8));
  }
}
