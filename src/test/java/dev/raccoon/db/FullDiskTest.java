package dev.raccoon.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The kernel's own full device, and the database's own error. */
class FullDiskTest {
  private static final Path FULL = Path.of("/dev/full");

  @Test
  void whatCannotBeWrittenForWantOfSpaceIsToldHoweverItIsWritten() {
    assertThat(causes(() -> Files.write(FULL, new byte[10]))).isTrue();
    assertThat(causes(() -> Files.newOutputStream(FULL).write(1))).isTrue();
    assertThat(
            causes(() -> {
              try (FileChannel channel = FileChannel.open(FULL, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.allocate(10));
              }
            }))
        .isTrue();
    assertThat(
            causes(() -> {
              try (RandomAccessFile file = new RandomAccessFile(FULL.toFile(), "rw")) {
                file.write(1);
              }
            }))
        .isTrue();
    assertThat(
            causes(() -> {
              try (var out = Files.newOutputStream(FULL)) {
                new ByteArrayInputStream(new byte[10]).transferTo(out);
              } catch (IOException e) {
                throw new IllegalStateException(new UncheckedIOException(e));
              }
            }))
        .isTrue();
  }

  @Test
  void theDatabasesFullDiskIsToldFromItsOtherTroubles() {
    try (TestDatabase database = TestDatabase.fresh()) {
      assertThat(causes(() -> raise(database, "53100"))).isTrue();
      assertThat(causes(() -> raise(database, "53200"))).isFalse();
      assertThat(FullDisk.ofDatabase(catchThrowable(() -> raise(database, "53100")))).isTrue();
      assertThat(FullDisk.ofDatabase(new IOException("No space left on device"))).isFalse();
    }
  }

  @Test
  void aFilesNameIsNoReason() {
    assertThat(FullDisk.causes(new NoSuchFileException("No space left on device"))).isFalse();
    assertThat(FullDisk.causes(new IOException("No space left on device: says who"))).isFalse();
    assertThat(FullDisk.causes(new IllegalStateException("No space left on device"))).isFalse();
  }

  private static void raise(TestDatabase database, String state) {
    String raise = "do $$ begin raise exception 'full' using errcode = '" + state + "'; end $$";
    database.database().jdbi().useHandle(handle -> handle.execute(raise));
  }

  private static boolean causes(ThrowingCallable failing) {
    Throwable failure = catchThrowable(failing);
    assertThat(failure).isNotNull();
    return FullDisk.causes(failure);
  }
}
