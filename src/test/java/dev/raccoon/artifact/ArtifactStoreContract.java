package dev.raccoon.artifact;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raccoon.artifact.ArtifactStore.Condition;
import dev.raccoon.artifact.ArtifactStore.Kept;
import dev.raccoon.value.Sha256;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every driver promises; a driver's own test class extends this one. */
abstract class ArtifactStoreContract {
  @TempDir Path folder;

  /** The same store for the whole of one test, empty when the test begins. */
  abstract ArtifactStore store();

  @Test
  void givesBackTheBytesThatWerePut() throws Exception {
    byte[] bytes = randomBytes(3_000_000);

    Stored stored = store().put(new ByteArrayInputStream(bytes));

    assertThat(stored).isEqualTo(new Stored(Sha256.of(bytes), bytes.length));
    assertThat(read(stored.digest())).isEqualTo(bytes);
    assertThat(store().size(stored.digest())).hasValue(bytes.length);
    assertThat(store().exists(stored.digest())).isTrue();
  }

  @Test
  void keepsACopyOfAFileAndLeavesTheFile() throws Exception {
    Path file = Files.writeString(folder.resolve("package.ep"), "bytes");

    Stored stored = store().put(file);
    Files.writeString(file, "other");

    assertThat(read(stored.digest())).asString(UTF_8).isEqualTo("bytes");
  }

  @Test
  void keepsNoBytesAtAllAsAnArtifactToo() throws Exception {
    Stored stored = store().put(InputStream.nullInputStream());

    assertThat(stored.sizeBytes()).isZero();
    assertThat(read(stored.digest())).isEmpty();
  }

  @Test
  void anUnknownDigestIsEmptyAndNoError() throws Exception {
    Sha256 unknown = Sha256.of("nobody put this".getBytes(UTF_8));

    assertThat(store().open(unknown)).isEmpty();
    assertThat(store().size(unknown)).isEmpty();
    assertThat(store().exists(unknown)).isFalse();
    assertThat(store().verify(unknown)).isEqualTo(Condition.MISSING);
  }

  @Test
  void theSameBytesPutTwiceAreNoError() throws Exception {
    byte[] bytes = randomBytes(1000);

    Stored first = store().put(new ByteArrayInputStream(bytes));
    Stored second = store().put(new ByteArrayInputStream(bytes));

    assertThat(second).isEqualTo(first);
    assertThat(read(first.digest())).isEqualTo(bytes);
  }

  @Test
  void theSameBytesPutByManyAtOnceAreNoError() throws Exception {
    byte[] bytes = randomBytes(200_000);
    int putters = 16;
    CyclicBarrier together = new CyclicBarrier(putters);
    List<Future<Stored>> puts = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < putters; i++) {
        puts.add(
            threads.submit(() -> {
              together.await();
              Stored stored = store().put(new ByteArrayInputStream(bytes));
              assertThat(read(stored.digest())).isEqualTo(bytes);
              return stored;
            }));
      }
    }
    for (Future<Stored> put : puts) {
      assertThat(put.get()).isEqualTo(new Stored(Sha256.of(bytes), bytes.length));
    }
  }

  @Test
  void bytesThatBreakOffLeaveNothing() throws Exception {
    byte[] begun = randomBytes(500_000);

    assertThatThrownBy(
            () -> store().put(new SequenceInputStream(new ByteArrayInputStream(begun), broken())))
        .isInstanceOf(IOException.class)
        .hasMessage("The connection broke off");

    assertThat(store().exists(Sha256.of(begun))).isFalse();
  }

  @Test
  void aBlobThatIsReadHasTheArtifactsLength() throws Exception {
    Stored stored = store().put(new ByteArrayInputStream(randomBytes(70_000)));

    try (Blob blob = store().open(stored.digest()).orElseThrow()) {
      assertThat(blob.sizeBytes()).isEqualTo(70_000);
      assertThat(blob.bytes().readAllBytes()).hasSize(70_000);
    }
  }

  @Test
  void bytesThatWereChangedAreNeverHandedOut() throws Exception {
    byte[] bytes = randomBytes(5000);
    Sha256 digest = store().put(new ByteArrayInputStream(bytes)).digest();
    assertThat(read(digest)).isEqualTo(bytes);
    byte[] changed = bytes.clone();
    changed[4000] ^= 1;

    damage(digest, changed);

    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> store().open(digest))
          .isInstanceOf(DamagedArtifactException.class)
          .hasMessage(
              "The stored artifact " + digest + " is damaged: its bytes have another digest.");
    }
    assertThat(store().verify(digest)).isEqualTo(Condition.DAMAGED);
  }

  @Test
  void damageIsHealedByTheSameBytesAndPutAside() throws Exception {
    byte[] bytes = randomBytes(6000);
    Sha256 digest = store().put(new ByteArrayInputStream(bytes)).digest();
    damage(digest, randomBytes(10));

    assertThat(store().put(new ByteArrayInputStream(bytes)).digest()).isEqualTo(digest);

    assertThat(store().verify(digest)).isEqualTo(Condition.WHOLE);
    assertThat(read(digest)).isEqualTo(bytes);
    assertThat(putAside()).containsExactly(randomBytes(10));
  }

  @Test
  void whatIsBeingReadStaysThoughItIsRemoved() throws Exception {
    byte[] bytes = randomBytes(700);
    Sha256 digest = store().put(new ByteArrayInputStream(bytes)).digest();
    try (Blob blob = store().open(digest).orElseThrow()) {
      assertThat(store().remove(digest, Instant.now().plusSeconds(60))).isTrue();
      assertThat(blob.bytes().readAllBytes()).isEqualTo(bytes);
    }
    assertThat(store().exists(digest)).isFalse();
    assertThat(store().verify(digest)).isEqualTo(Condition.MISSING);
  }

  @Test
  void onlyWhatWasPutLongAgoIsRemoved() throws Exception {
    Sha256 digest = store().put(new ByteArrayInputStream(randomBytes(800))).digest();

    assertThat(store().remove(digest, Instant.now().minusSeconds(3600))).isFalse();
    assertThat(store().exists(digest)).isTrue();
    assertThat(store().remove(Sha256.of(new byte[] {1}), Instant.now().plusSeconds(60))).isFalse();
  }

  @Test
  void allThatIsKeptIsListedPageByPage() throws Exception {
    TreeSet<String> put = new TreeSet<>();
    for (int i = 1; i <= 25; i++) {
      put.add(store().put(new ByteArrayInputStream(randomBytes(i))).digest().hex());
    }

    List<Kept> listed = new ArrayList<>();
    List<Kept> page = store().list(Optional.empty(), 10);
    while (!page.isEmpty()) {
      assertThat(page).hasSizeLessThanOrEqualTo(10);
      listed.addAll(page);
      page = store().list(Optional.of(page.getLast().digest()), 10);
    }

    assertThat(listed).extracting(kept -> kept.digest().hex()).containsExactlyElementsOf(put);
    assertThat(listed.stream().mapToLong(Kept::sizeBytes).sum()).isEqualTo(25 * 26 / 2);
    assertThat(listed)
        .allMatch(kept -> kept.put().isAfter(Instant.now().minus(Duration.ofHours(1))));
  }

  /** Changes what is kept, as nobody may. */
  abstract void damage(Sha256 digest, byte[] bytes) throws Exception;

  /** What was found damaged and put aside. */
  abstract List<byte[]> putAside() throws Exception;

  @Test
  void aHealthyStorePassesItsCheck() throws Exception {
    store().check();
    store().check();
  }

  final byte[] read(Sha256 digest) throws IOException {
    try (Blob blob = store().open(digest).orElseThrow()) {
      return blob.bytes().readAllBytes();
    }
  }

  static byte[] randomBytes(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  static InputStream broken() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        throw new IOException("The connection broke off");
      }

      @Override
      public int read(byte[] buffer, int offset, int length) throws IOException {
        return read();
      }
    };
  }
}
