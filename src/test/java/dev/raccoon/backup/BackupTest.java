package dev.raccoon.backup;

import static dev.raccoon.catalog.Scenario.tag;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raccoon.artifact.ArtifactStore;
import dev.raccoon.artifact.Blob;
import dev.raccoon.backup.BackupFixture.Target;
import dev.raccoon.catalog.Scenario;
import dev.raccoon.config.RetentionRules;
import dev.raccoon.db.Database;
import dev.raccoon.db.TestDatabase;
import dev.raccoon.queue.Lease;
import dev.raccoon.retention.FailingStore;
import dev.raccoon.value.BuildId;
import dev.raccoon.value.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a server keeps, written into a file and read back from it. */
class BackupTest {
  private static final RetentionRules MONTH = new RetentionRules(30, 0, 0, 0);

  @TempDir Path folder;
  private BackupFixture fixture;

  @BeforeEach
  void open() throws IOException {
    fixture = new BackupFixture(folder);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private Target empty() throws IOException {
    return Target.in(TestDatabase.empty(), folder.resolve("target"));
  }

  private BuildId good(int daysAgo, String text) throws IOException {
    return fixture.source.good(tag("1.0.0", 1, "25.3"), daysAgo, text);
  }

  /** Something in nearly every table. */
  private Lease fill() throws IOException {
    good(300, "old");
    good(100, "tab\tand\\backslash");
    fixture.source.failed("0.9", 2);
    assertThat(fixture.source.remove(MONTH)).hasSize(1);
    Scenario scenario = fixture.source.scenario;
    scenario.sql("insert into namespace (name, private) values ('acme', true)");
    scenario.sql(
        "insert into token (name, scope, digest, created_at) values ('ci', 'READ', ?, now())",
        "ab".repeat(32));
    scenario.sql("insert into audit (actor, act, subject, detail) values ('ada', 'x', 'y', '')");
    scenario.queued("2.0.0");
    Lease running = scenario.claim();
    scenario.logs.append(running, 0, new byte[] {0, 1, '\n', (byte) 0xff});
    scenario.queued("3.0.0");
    return running;
  }

  @Test
  void allOfItComesBack() throws IOException {
    Lease running = fill();
    Path file = fixture.backUp();
    Target target = empty();
    Restore.Restored restored = fixture.restore(file, target);

    assertThat(restored.program()).isEqualTo("1.2.3");
    assertThat(restored.bytes()).isEqualTo(restored.digests()).isEqualTo(3);
    assertThat(BackupFixture.rows(target.address()))
        .isEqualTo(BackupFixture.rows(fixture.source.scenario.address()))
        .hasSizeGreaterThan(20);
    assertThat(target.kept()).isEqualTo(fixture.source.named());
    for (Sha256 digest : target.kept()) {
      assertThat(target.store().verify(digest)).isEqualTo(ArtifactStore.Condition.WHOLE);
    }
    assertThat(fixture.warnings).isEmpty();
    assertThat(Files.getPosixFilePermissions(file))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(names(folder)).noneMatch(name -> name.endsWith(".part"));
    goesOn(target, running);
  }

  /** Counters, triggers and leases are as they were. */
  private static void goesOn(Target target, Lease running) {
    try (Database database = Database.openMigrated(target.address(), 1)) {
      long token =
          database
              .jdbi()
              .withHandle(handle ->
                  handle
                      .createQuery(
                          "insert into token (name, scope, digest, created_at) values ('', 'READ', repeat('cd', 32), now()) returning id")
                      .mapTo(Long.class)
                      .one());
      assertThat(token).isEqualTo(2);
      new dev.raccoon.catalog.LeasedBuildStore(database.jdbi())
          .failWithoutLog(running, dev.raccoon.catalog.FailureKind.COMPILE, "No.");
      assertThat(uncounted(database)).isZero();
      assertThatThrownBy(
              () -> database.jdbi().useHandle(handle -> handle.execute("delete from audit")))
          .hasMessageContaining("append-only");
    }
  }

  private static long uncounted(Database database) {
    return database
        .jdbi()
        .withHandle(handle ->
            handle
                .createQuery(
                    """
                    select count(*) from package p where ended_builds <> (
                      select count(*) from build b
                      where b.package_id = p.id and b.finished_at is not null and b.same_as is null)
                    """)
                .mapTo(Long.class)
                .one());
  }

  @Test
  void whatIsBuiltAndRemovedMeanwhileMakesNoDanglingBackup() throws Exception {
    fill();
    AtomicBoolean stop = new AtomicBoolean();
    CountDownLatch busy = new CountDownLatch(5);
    try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
      Future<?> builds =
          threads.submit(() -> {
            for (int i = 0; !stop.get(); i++) {
              fixture.source.good(tag("9." + i % 3, 9, "25.3"), 300 - i % 5, "package " + i);
              fixture.source.remove(MONTH);
              busy.countDown();
            }
            return null;
          });
      busy.await();
      for (int i = 0; i < 5; i++) {
        Path file = folder.resolve("busy" + i);
        var _ = fixture.backUp(file, fixture.source.store, true);
        Target target = Target.in(TestDatabase.empty(), folder.resolve("target" + i));
        fixture.restore(file, target);
        try (Database database = Database.openMigrated(target.address(), 1)) {
          assertThat(uncounted(database)).isZero();
          Set<Sha256> kept = target.kept();
          assertThat(BackupFixture.digests(database).named(kept)).isEqualTo(kept);
          assertThat(BackupFixture.rows(target.address()))
              .filteredOn(row -> row.startsWith("artifact "))
              .allSatisfy(row -> assertThat(kept).anyMatch(digest -> row.contains(digest.hex())));
        }
      }
      stop.set(true);
      builds.get();
    }
    assertThat(fixture.warnings).isEmpty();
  }

  @Test
  void whatRetentionRemovesDuringABackupStaysUntilItsEnd() throws IOException {
    BuildId first = good(300, "first");
    good(100, "second");
    Set<Sha256> bytes = fixture.source.bytesOf(first);
    ArtifactStore removing =
        new FailingStore(fixture.source.store) {
          private boolean done;

          @Override
          public Optional<Blob> open(Sha256 digest) throws IOException {
            if (!done) {
              done = true;
              assertThat(fixture.source.remove(MONTH)).containsExactly(first);
              assertThat(fixture.source.kept()).containsAll(bytes);
            }
            return super.open(digest);
          }
        };
    Path file = folder.resolve("backup");
    assertThat(fixture.backUp(file, removing, true)).isEqualTo(new Backup.Written(4, 0));
    Target target = empty();
    fixture.restore(file, target);
    assertThat(target.kept()).containsAll(bytes).hasSize(4);
    fixture.source.remove(MONTH);
    assertThat(fixture.source.kept()).hasSize(2).doesNotContainAnyElementsOf(bytes);
  }

  @Test
  void withoutArtifactsThereIsTheirList() throws IOException {
    fill();
    Path file = folder.resolve("backup");
    assertThat(fixture.backUp(file, fixture.source.store, false))
        .isEqualTo(new Backup.Written(3, 0));
    Target target = empty();
    Restore.Restored restored = fixture.restore(file, target);
    assertThat(restored.digests()).isEqualTo(3);
    assertThat(restored.bytes()).isZero();
    assertThat(target.kept()).isEmpty();
    StringBuilder list = new StringBuilder();
    BackupFixture.changed(
        file,
        folder.resolve("copy"),
        (name, bytes) -> {
          if (name.startsWith("digests/")) {
            list.append(new String(bytes, UTF_8));
          }
          return Optional.of(bytes);
        });
    assertThat(list.toString().lines().map(Sha256::new))
        .containsExactlyInAnyOrderElementsOf(fixture.source.named());
  }

  @Test
  void whatTheStoreHasLostIsNamedAndTheRestIsThere() throws IOException {
    BuildId build = good(0, "text");
    List<Sha256> bytes = List.copyOf(fixture.source.bytesOf(build));
    Files.delete(fixture.source.file(bytes.getFirst()));
    Path damaged = fixture.source.file(bytes.getLast());
    Files.setPosixFilePermissions(damaged, PosixFilePermissions.fromString("rw-------"));
    Files.writeString(damaged, "other bytes");
    good(0, "whole");
    Path file = folder.resolve("backup");
    assertThat(fixture.backUp(file, fixture.source.store, true))
        .isEqualTo(new Backup.Written(4, 2));
    assertThat(fixture.warnings)
        .hasSize(2)
        .anyMatch(each -> each.contains(bytes.getFirst().hex()))
        .anyMatch(each -> each.contains(bytes.getLast().hex()));
    assertThat(fixture.restore(file, empty()).bytes()).isEqualTo(2);
  }

  @Test
  void aFileThatIsThereIsLeftAlone() throws IOException {
    Path file = Files.writeString(folder.resolve("backup.tar.gz"), "something else");
    assertThatThrownBy(() -> fixture.backUp())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("there is a file already");
    assertThat(file).hasContent("something else");
  }

  @Test
  void aBackupThatBreaksOffLeavesNoFile() throws IOException {
    good(0, "text");
    ArtifactStore failing =
        new FailingStore(fixture.source.store) {
          @Override
          public Optional<Blob> open(Sha256 digest) throws IOException {
            throw new IOException("the disk is gone");
          }
        };
    assertThatThrownBy(() -> fixture.backUp(folder.resolve("backup"), failing, true))
        .hasMessage("the disk is gone");
    assertThat(names(folder)).containsExactly("source");
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(path -> path.getFileName().toString()).toList();
    }
  }

  @Test
  void aDamagedOrTruncatedFileFillsNothing() throws IOException {
    fill();
    byte[] whole = Files.readAllBytes(fixture.backUp());
    Target target = empty();
    for (int i = 0; i < 24; i++) {
      byte[] bad = whole.clone();
      int at = (int) ((long) i * (whole.length - 1) / 23);
      bad[at] ^= 0x10;
      refused(i % 2 == 0 ? bad : Arrays.copyOf(whole, at), target);
    }
    assertThat(fixture.restore(Files.write(folder.resolve("whole"), whole), target).bytes())
        .isEqualTo(3);
    assertThat(BackupFixture.rows(target.address()))
        .isEqualTo(BackupFixture.rows(fixture.source.scenario.address()));
  }

  private void refused(byte[] bytes, Target target) throws IOException {
    Path file = Files.write(folder.resolve("bad"), bytes);
    try {
      fixture.restore(file, target);
    } catch (IOException | dev.raccoon.db.DatabaseException e) {
      assertThat(e.getMessage()).isNotBlank();
      return;
    }
    // Bits of gzip's head that say nothing, such as the time, may be any.
    throw new AssertionError("a file was restored though it is not what was written");
  }

  @Test
  void bytesThatAreNotWhatTheirDigestSaysAreNamedAndLeftOut() throws IOException {
    fill();
    Path file = fixture.backUp();
    Sha256 one = fixture.source.named().iterator().next();
    Path changed =
        BackupFixture.changed(
            file,
            folder.resolve("changed"),
            (name, bytes) ->
                Optional.of(name.equals("sha256/" + one) ? "wrong".getBytes(UTF_8) : bytes));
    Target target = empty();
    assertThat(fixture.restore(changed, target).bytes()).isEqualTo(2);
    assertThat(fixture.warnings).singleElement().asString().contains(one.hex(), "damaged");
    assertThat(target.kept()).hasSize(2).doesNotContain(one);
  }

  @Test
  void otherRowsThanWereWrittenFillNothing() throws IOException {
    fill();
    Path file = fixture.backUp();
    Target target = empty();
    Path other =
        BackupFixture.changed(
            file,
            folder.resolve("other"),
            (name, bytes) ->
                Optional.of(
                    name.startsWith("tables/token/")
                        ? new String(bytes, UTF_8).replace("abab", "acac").getBytes(UTF_8)
                        : bytes));
    assertThatThrownBy(() -> fixture.restore(other, target))
        .hasMessageContaining("has other rows than were written");
    Path fewer =
        BackupFixture.changed(
            file,
            folder.resolve("fewer"),
            (name, bytes) ->
                name.startsWith("tables/token/") ? Optional.empty() : Optional.of(bytes));
    assertThatThrownBy(() -> fixture.restore(fewer, target))
        .hasMessageContaining("has other rows than were written");
    assertThat(fixture.restore(file, target).bytes()).isEqualTo(3);
  }

  @Test
  void anotherVersionIsRefusedWithASentence() throws IOException {
    fill();
    Path file = fixture.backUp();
    Target target = empty();
    assertThatThrownBy(() ->
            fixture.restore(manifest(file, "\"schema\":\"[0-9]+\"", "\"schema\":\"987\""), target))
        .hasMessageContaining("version 987 of the tables, by Raccoon 1.2.3")
        .hasMessageContaining("does not know");
    assertThatThrownBy(
            () -> fixture.restore(manifest(file, "\"format\":1", "\"format\":2"), target))
        .hasMessageContaining("in a form that this program does not know");
    assertThatThrownBy(() ->
            fixture.restore(
                manifest(file, "\"schema\":\"[0-9]+\"", "\"schema\":\"008\""),
                Target.in(TestDatabase.fresh().address(), folder.resolve("newer"))))
        .hasMessageContaining("version 008 of the tables, and the database of version")
        .hasMessageContaining("one that no server has used");
    assertThat(fixture.restore(file, target).bytes()).isEqualTo(3);
  }

  private Path manifest(Path file, String regex, String replacement) throws IOException {
    return BackupFixture.changed(
        file,
        folder.resolve("other"),
        (name, bytes) ->
            Optional.of(
                name.equals("manifest.json")
                    ? new String(bytes, UTF_8).replaceFirst(regex, replacement).getBytes(UTF_8)
                    : bytes));
  }

  @Test
  void aTargetThatIsNotEmptyIsRefused() throws IOException {
    fill();
    Path file = fixture.backUp();
    try (TestDatabase database = TestDatabase.fresh()) {
      Target target = Target.in(database.address(), folder.resolve("target"));
      database
          .database()
          .jdbi()
          .useHandle(
              handle -> handle.execute("insert into namespace (name, private) values ('x', true)"));
      List<String> before = BackupFixture.rows(database.address());
      assertThatThrownBy(() -> fixture.restore(file, target))
          .hasMessageContaining("The database is not empty: its table namespace has rows");
      assertThat(BackupFixture.rows(database.address())).isEqualTo(before);
      assertThat(target.kept()).isEmpty();
    }
  }

  @Test
  void aServerThatHasOnlyBeenStartedIsEmptyOnceItIsStopped() throws IOException {
    fill();
    Path file = fixture.backUp();
    try (TestDatabase database = TestDatabase.fresh()) {
      Target target = Target.in(database.address(), folder.resolve("target"));
      String node =
          "insert into node (id, name, processor, program, slots, otp) values (gen_random_uuid(), 'n', 'x86_64', '1', 1, '{}')";
      database.database().jdbi().useHandle(handle -> handle.execute(node));
      assertThatThrownBy(() -> fixture.restore(file, target))
          .hasMessageContaining("A server uses the database: stop it");
      database
          .database()
          .jdbi()
          .useHandle(handle -> handle.execute("update node set stopped_at = now()"));
      fixture.restore(file, target);
      assertThat(BackupFixture.rows(database.address()))
          .isEqualTo(BackupFixture.rows(fixture.source.scenario.address()));
    }
  }
}
