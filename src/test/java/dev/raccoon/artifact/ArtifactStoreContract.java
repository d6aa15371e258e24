package dev.raccoon.artifact;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raccoon.value.Sha256;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
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
    assertThat(store().file(unknown)).isEmpty();
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
  void aFileWhereTheDriverHasOneHoldsTheBytes() throws Exception {
    byte[] bytes = randomBytes(5000);
    Stored stored = store().put(new ByteArrayInputStream(bytes));

    store().file(stored.digest()).ifPresent(file -> assertThat(file).hasBinaryContent(bytes));
  }

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
