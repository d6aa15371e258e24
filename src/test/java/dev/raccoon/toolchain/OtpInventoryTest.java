package dev.raccoon.toolchain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.testing.Patience;
import dev.raccoon.testing.SettableClock;
import dev.raccoon.value.OtpSelector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OtpInventoryTest {
  /** Linux answers EIO to whoever reads it from its beginning. */
  private static final Path FAILING = Path.of("/proc/self/mem");

  @TempDir private Path folder;

  private final SettableClock clock = new SettableClock();

  @Test
  void whatIsInstalledAndRemovedLaterIsNoticed() throws Exception {
    OtpFixture.install(folder.resolve("a"), "25", "25.2.3");
    OtpInventory inventory = inventory();
    assertThat(inventory.get().describe()).isEqualTo("OTP 25.2.3");

    Path added = OtpFixture.install(folder.resolve("b"), "27", "27.1");
    assertThat(Patience.await(() -> later(inventory).find(OtpSelector.parse("27"))).root())
        .isEqualTo(added);

    delete(added);
    Patience.await(
        () -> later(inventory).find(OtpSelector.parse("27")).isEmpty() ? seen() : none());
    assertThat(inventory.get().describe()).isEqualTo("OTP 25.2.3");
  }

  @Test
  void anotherVersionAtTheSamePlaceIsNoticed() throws Exception {
    Path root = OtpFixture.install(folder.resolve("a"), "27", "27.1");
    OtpInventory inventory = inventory();
    delete(root);
    OtpFixture.install(root, "27", "27.1.2");
    Patience.await(() -> later(inventory).describe().equals("OTP 27.1.2") ? seen() : none());
  }

  @Test
  void aPatchInPlaceIsNoticedWithinAMinute() throws Exception {
    Path root = OtpFixture.install(folder.resolve("a"), "27", "27.1");
    OtpInventory inventory = inventory();
    Files.writeString(root.resolve("releases/27/OTP_VERSION"), "27.1.2**");
    clock.pass(InspectionMemory.WHOLE_LOOK_EVERY);
    assertThat(inventory.rescan().describe()).isEqualTo("OTP 27.1.2");
  }

  @Test
  void whatKerlListsIsFoundWhenItIsListed() throws Exception {
    Path root = OtpFixture.install(folder.resolve("kerls/27.1"), "27", "27.1");
    Path base = Files.createDirectories(folder.resolve("kerl"));
    OtpInventory inventory =
        new OtpInventory(new OtpSearch(List.of(), List.of(), List.of(), Optional.of(base)), clock);
    assertThat(inventory.get().all()).isEmpty();
    Files.writeString(base.resolve("otp_installations"), "27.1 " + root + "\n");
    Patience.await(() -> later(inventory).newest().isPresent() ? seen() : none());
  }

  @Test
  void aLookCountsForSomeSeconds() {
    AtomicInteger looks = new AtomicInteger();
    OtpInventory inventory =
        new OtpInventory(
            () -> {
              looks.incrementAndGet();
              return OtpInstallations.UNKNOWN;
            },
            clock);
    for (int i = 0; i < 100; i++) {
      assertThat(inventory.get()).isSameAs(OtpInstallations.UNKNOWN);
    }
    assertThat(looks).hasValue(1);
  }

  @Test
  void aDiskThatHangsKeepsNobodyWaiting() throws Exception {
    OtpInstallations before = found("25.2.3");
    CountDownLatch answers = new CountDownLatch(1);
    AtomicBoolean hangs = new AtomicBoolean();
    AtomicInteger looks = new AtomicInteger();
    OtpInstallations after = found("27.1");
    OtpInventory inventory =
        new OtpInventory(
            () -> {
              looks.incrementAndGet();
              if (hangs.get()) {
                join(answers);
                return after;
              }
              return before;
            },
            clock);
    hangs.set(true);
    clock.pass(Duration.ofHours(1));
    for (int i = 0; i < 1000; i++) {
      assertThat(inventory.get()).isSameAs(before);
    }
    assertThat(looks).as("one look at a time").hasValue(2);

    answers.countDown();
    Patience.await(() -> inventory.get() == after ? seen() : none());
  }

  @Test
  void aLookThatFailsLeavesWhatWasKnown() throws Exception {
    OtpInstallations before = found("25.2.3");
    AtomicBoolean fails = new AtomicBoolean();
    OtpInventory inventory =
        new OtpInventory(
            () -> {
              if (fails.get()) {
                throw new IllegalStateException("the disk is broken");
              }
              return before;
            },
            clock);
    fails.set(true);
    clock.pass(Duration.ofHours(1));
    assertThat(inventory.get()).isSameAs(before);
    assertThat(inventory.get()).isSameAs(before);
  }

  @Test
  void whatCannotBeReadForAMomentNeitherVanishesNorIsBelievedWrong() throws Exception {
    Path root = OtpFixture.install(folder.resolve("a"), "27", "27.1");
    OtpFixture.install(folder.resolve("b"), "25", "25.2.3");
    OtpInventory inventory = inventory();
    assertThat(inventory.get().isComplete()).isTrue();
    Path version = root.resolve("releases/27/OTP_VERSION");
    Files.delete(version);
    Files.createSymbolicLink(version, FAILING);

    clock.pass(InspectionMemory.WHOLE_LOOK_EVERY);
    assertThat(inventory.rescan().describe()).isEqualTo("OTP 27.1 and 25.2.3");

    clock.pass(InspectionMemory.TROUBLE_MAY_LAST);
    OtpInstallations without = inventory.rescan();
    assertThat(without.describe()).isEqualTo("OTP 25.2.3");
    assertThat(without.isComplete()).as("there may be another").isFalse();
    assertThat(without.rejected())
        .containsExactly(new OtpInstallations.Rejected(root, "it cannot be read just now"));

    Files.delete(version);
    Files.writeString(version, "27.1.2");
    assertThat(inventory.rescan().describe()).isEqualTo("OTP 27.1.2 and 25.2.3");
    assertThat(inventory.get().isComplete()).isTrue();
  }

  @Test
  void anInstallationWhoseProgramsCannotBeReadIsNotTakenForOneThatNeedsNothing() throws Exception {
    Path root = OtpFixture.install(folder.resolve("a"), "27", "27.1");
    Files.createSymbolicLink(root.resolve("erts-13.1.5/bin/heart"), FAILING);
    OtpInstallations found = inventory().get();
    assertThat(found.all()).isEmpty();
    assertThat(found.isComplete()).isFalse();
  }

  @Test
  void aListOfKerlsThatCannotBeReadLeavesWhatItHad() throws Exception {
    Path root = OtpFixture.install(folder.resolve("kerls/27.1"), "27", "27.1");
    Path other = OtpFixture.install(folder.resolve("kerls/26"), "26", "26.0");
    Path list = folder.resolve("otp_installations");
    Files.writeString(list, "27.1 " + root + "\n26 " + other + "\n");
    OtpSearch search = new OtpSearch(List.of(), List.of(), List.of(), Optional.of(folder));
    OtpInventory inventory = new OtpInventory(search, clock);
    Files.delete(list);
    Files.createSymbolicLink(list, FAILING);
    delete(other);

    OtpInstallations found = inventory.rescan();

    assertThat(found.describe()).isEqualTo("OTP 27.1");
    assertThat(found.isComplete()).isFalse();
  }

  @Test
  void beforeADiskHasAnsweredNobodyKnowsWhatThereIs() {
    OtpInventory inventory =
        new OtpInventory(
            () -> {
              throw new IllegalStateException("the disk is broken");
            },
            clock);
    assertThat(inventory.get().all()).isEmpty();
    assertThat(inventory.get().isComplete()).isFalse();
  }

  private OtpInventory inventory() {
    return new OtpInventory(
        new OtpSearch(List.of(), List.of(), List.of(folder), Optional.empty()), clock);
  }

  private OtpInstallations later(OtpInventory inventory) {
    clock.pass(OtpInventory.FRESH);
    return inventory.get();
  }

  private OtpInstallations found(String version) throws IOException {
    OtpFixture.install(folder.resolve(version), version.substring(0, 2), version);
    return OtpInstallations.scan(
        new OtpSearch(List.of(), List.of(), List.of(folder.resolve(version)), Optional.empty()));
  }

  private static void join(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Optional<Boolean> seen() {
    return Optional.of(true);
  }

  private static Optional<Boolean> none() {
    return Optional.empty();
  }

  private static void delete(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
