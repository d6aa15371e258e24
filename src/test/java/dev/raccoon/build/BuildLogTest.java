package dev.raccoon.build;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raccoon.artifact.ArtifactStore;
import dev.raccoon.artifact.FileArtifactStore;
import dev.raccoon.catalog.LogStore;
import dev.raccoon.catalog.StoredLog;
import dev.raccoon.db.TestDatabase;
import dev.raccoon.queue.ClaimedBuild;
import dev.raccoon.queue.Lease;
import dev.raccoon.queue.LostLeaseException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class BuildLogTest {
  private static final long MEGABYTE = 1 << 20;

  @TempDir Path folder;
  private TestDatabase database;
  private LogStore logs;
  private Lease lease;
  private ArtifactStore artifacts;

  @BeforeEach
  void claim() throws IOException {
    database = TestDatabase.fresh();
    logs = new LogStore(database.database().jdbi());
    lease = ClaimedBuild.in(database.database().jdbi());
    artifacts = new FileArtifactStore(folder.resolve("artifacts"));
  }

  @AfterEach
  void close() {
    if (database != null) {
      database.close();
    }
  }

  @Test
  void aLogWithinItsLimitIsKeptWhole() throws Exception {
    byte[] printed = bytes(1000);
    try (BuildLog log = log(1000)) {
      log.write(printed, 0, 600);
      log.write(printed, 600, 399);
      log.write(printed[999]);

      assertThat(kept(log.store(artifacts))).isEqualTo(printed);
    }
  }

  @Test
  void ofALongerOneBeginningMarkAndEndAreKept() throws Exception {
    byte[] printed = bytes(1001);
    for (int piece : new int[] {1, 7, 249, 250, 251, 1001}) {
      try (BuildLog log = log(1000)) {
        for (int at = 0; at < printed.length; at += piece) {
          log.write(printed, at, Math.min(piece, printed.length - at));
        }
        byte[] mark =
            "\n==> 1 bytes are left out here: the log was longer than its limit.\n".getBytes(UTF_8);
        assertThat(kept(log.store(artifacts)))
            .as("pieces of %d", piece)
            .isEqualTo(
                join(Arrays.copyOf(printed, 750), mark, Arrays.copyOfRange(printed, 751, 1001)));
      }
      database.database().jdbi().useHandle(handle -> handle.execute("delete from log_chunk"));
    }
  }

  @Test
  void evenALimitOfNothingFailsNoBuild() throws Exception {
    try (BuildLog log = log(0)) {
      log.write(bytes(10));

      assertThat(new String(kept(log.store(artifacts)), UTF_8))
          .isEqualTo("\n==> 10 bytes are left out here: the log was longer than its limit.\n");
    }
  }

  @Test
  void fiftyMegabytesAreCutToTheLimit() throws Exception {
    byte[] printed = bytes(50 << 20);
    try (BuildLog log = log(10 * MEGABYTE)) {
      for (int at = 0; at < printed.length; at += 64 << 10) {
        log.write(printed, at, 64 << 10);
      }
      byte[] kept = kept(log.store(artifacts));

      int tail = (int) (10 * MEGABYTE / 4);
      int head = (int) (10 * MEGABYTE - tail);
      assertThat(Arrays.mismatch(kept, 0, head, printed, 0, head)).isNegative();
      assertThat(
              Arrays.mismatch(
                  kept,
                  kept.length - tail,
                  kept.length,
                  printed,
                  printed.length - tail,
                  printed.length))
          .isNegative();
      assertThat(new String(kept, head, kept.length - tail - head, UTF_8))
          .contains("==> " + (printed.length - head - tail) + " bytes are left out here");
    }
  }

  @Test
  void sentencesStandOnLinesOfTheirOwn() throws Exception {
    try (BuildLog log = log(MEGABYTE)) {
      log.say("begins");
      log.write("no newline".getBytes(UTF_8));
      log.say("ends");

      assertThat(new String(kept(log.store(artifacts)), UTF_8))
          .isEqualTo("==> begins\nno newline\n==> ends\n");
    }
  }

  @Test
  void theEndIsReadAcrossBeginningAndTail() throws Exception {
    try (BuildLog log = log(8)) {
      log.write("0123".getBytes(UTF_8));
      assertThat(log.end(3)).isEqualTo("123");
      log.write("4567".getBytes(UTF_8));
      assertThat(log.end(5)).isEqualTo("34567");
      assertThat(log.end(100)).isEqualTo("01234567");
    }
  }

  @Test
  void piecesAreReadInOrderWhileItRuns() throws Exception {
    byte[] printed = bytes(300_000);
    try (BuildLog log = log(MEGABYTE)) {
      log.write(printed, 0, 10);
      awaitShown(10);
      log.write(printed, 10, 200_000);
      log.write(printed, 200_010, printed.length - 200_010);
      awaitShown(printed.length);
    }
    assertThat(shown()).isEqualTo(printed);
  }

  @Test
  void manyWritersLoseNothing() throws Exception {
    try (BuildLog log = log(MEGABYTE)) {
      Thread[] writers = new Thread[8];
      for (int i = 0; i < writers.length; i++) {
        byte[] line = (i + "\n").getBytes(UTF_8);
        writers[i] = Thread.ofPlatform().start(() -> write(log, line, 5000));
      }
      for (Thread writer : writers) {
        writer.join();
      }
      awaitShown(80_000);
      byte[] kept = kept(log.store(artifacts));

      assertThat(shown()).isEqualTo(kept);
      assertThat(new String(kept, UTF_8).lines().filter("7"::equals)).hasSize(5000);
    }
  }

  @Test
  void aLostLeaseIsToldToWhoeverWritesNext() throws Exception {
    try (BuildLog log = log(MEGABYTE)) {
      ClaimedBuild.loseTo(database.database().jdbi(), lease);

      assertThatThrownBy(
              () -> {
                while (true) {
                  log.write('.');
                }
              })
          .isInstanceOf(LostLeaseException.class);
      assertThatThrownBy(() -> log.say("on")).isInstanceOf(LostLeaseException.class);
      assertThatThrownBy(() -> log.store(artifacts)).isInstanceOf(LostLeaseException.class);
    }
    assertThat(shown()).isEmpty();
  }

  @Test
  void aDatabaseThatCannotTakeAPieceNowFailsNothing() throws Exception {
    byte[] printed = bytes(200_000);
    try (BuildLog log = log(MEGABYTE)) {
      rename("log_chunk", "away");
      log.write(printed, 0, 150_000);
      rename("away", "log_chunk");
      log.write(printed, 150_000, 50_000);

      assertThat(kept(log.store(artifacts))).isEqualTo(printed);
    }
    assertThat(shown()).isEqualTo(printed);
  }

  @Test
  void whoeverWritesNeverWaitsForTheDatabase() throws Exception {
    byte[] printed = bytes(200_000);
    try (BuildLog log = log(MEGABYTE)) {
      database
          .database()
          .jdbi()
          .useTransaction(handle -> {
            handle.execute("lock table log_chunk in access exclusive mode");
            log.write(printed, 0, printed.length);
            log.say("on");
            assertThat(log.end(10)).endsWith("==> on\n");
          });
    }
    assertThat(shown()).startsWith(printed).endsWith("==> on\n".getBytes(UTF_8));
  }

  @Test
  void storingTwiceGivesTheSame() throws Exception {
    try (BuildLog log = log(MEGABYTE)) {
      log.say("once");

      assertThat(log.store(artifacts)).isEqualTo(log.store(artifacts));
      assertThatThrownBy(() -> log.say("late")).isInstanceOf(IOException.class);
    }
  }

  private BuildLog log(long limitBytes) throws IOException {
    return new BuildLog(logs, lease, Files.createTempDirectory(folder, "work"), limitBytes);
  }

  private byte[] kept(StoredLog stored) throws IOException {
    try (InputStream file = artifacts.open(stored.digest()).orElseThrow().bytes();
        InputStream in = new GZIPInputStream(file)) {
      byte[] bytes = in.readAllBytes();
      assertThat(stored.sizeBytes()).isEqualTo(bytes.length);
      return bytes;
    }
  }

  private byte[] shown() {
    ByteArrayOutputStream shown = new ByteArrayOutputStream();
    List<byte[]> pieces = logs.pieces(lease.build(), 0);
    while (!pieces.isEmpty()) {
      pieces.forEach(shown::writeBytes);
      pieces = logs.pieces(lease.build(), shown.size());
    }
    return shown.toByteArray();
  }

  private void awaitShown(int bytes) {
    while (shown().length < bytes) {
      Thread.onSpinWait();
    }
  }

  private void rename(String from, String to) {
    database
        .database()
        .jdbi()
        .useHandle(handle -> handle.execute("alter table " + from + " rename to " + to));
  }

  private static void write(BuildLog log, byte[] line, int times) {
    try {
      for (int i = 0; i < times; i++) {
        log.write(line);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    new Random(count).nextBytes(bytes);
    return bytes;
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
