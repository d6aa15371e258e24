package dev.raccoon.otp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.raccoon.access.Actor;
import dev.raccoon.access.AuditStore;
import dev.raccoon.db.TestDatabase;
import dev.raccoon.otp.OtpInstall.State;
import dev.raccoon.testing.KerlFixture;
import dev.raccoon.testing.Patience;
import dev.raccoon.toolchain.OtpInventory;
import dev.raccoon.toolchain.OtpSearch;
import dev.raccoon.value.OtpVersion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OtpInstallerTest {
  private static final UUID NODE = UUID.randomUUID();
  private static final Actor ADA = Actor.commandLine("ada");
  private static final OtpVersion OTP = new OtpVersion("25.99");

  @TempDir private Path folder;

  private final TestDatabase database = TestDatabase.fresh();
  private final Jdbi jdbi = database.database().jdbi();
  private final OtpInstallStore store = new OtpInstallStore(jdbi);
  private final AtomicInteger told = new AtomicInteger();
  private KerlFixture kerl;
  private OtpInventory inventory;

  @BeforeEach
  void makeKerl() throws IOException {
    assumeTrue(Files.exists(Path.of("/usr/lib/erlang/bin/erl")), "there is no Erlang/OTP here");
    kerl = new KerlFixture(folder);
    inventory =
        new OtpInventory(
            new OtpSearch(List.of(), List.of(), List.of(), Optional.of(kerl.base())),
            Clock.systemUTC());
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void aVersionIsBuiltInstalledFoundAndItsLogIsKept() {
    OtpInstall asked = store.ask(NODE, OTP, ADA);
    assertThat(asked.state()).isEqualTo(State.QUEUED);
    try (var _ = started()) {
      OtpInstall ended = ended(asked.id());
      assertThat(ended.reason()).isEmpty();
      assertThat(ended.state()).isEqualTo(State.SUCCEEDED);
    }
    assertThat(inventory.get().describe()).isEqualTo("OTP 25.99");
    assertThat(inventory.get().newest().orElseThrow().root())
        .isEqualTo(folder.resolve("installations/25.99"));
    assertThat(logOf(asked.id()))
        .containsSubsequence(
            "$ kerl build 25.99 25.99",
            "Building (normal) Erlang/OTP 25.99 (25.99); please wait...\n",
            "checking for gcc... gcc\n",
            "make[1]: Leaving directory\n",
            "$ kerl install 25.99 " + folder,
            "OTP 25.99 is there.\n")
        .doesNotContain("\r");
    assertThat(kerl.base().resolve("builds/25.99"))
        .as("its build is of no more use")
        .doesNotExist();
    assertThat(told).hasValue(1);
    assertThat(new AuditStore(jdbi).page(Long.MAX_VALUE, 10))
        .extracting(entry -> entry.act() + " " + entry.subject())
        .containsExactly("otp.install 25.99");
  }

  @Test
  void whatIsThereIsNotInstalledAgain() {
    try (OtpInstaller installer = started()) {
      ended(store.ask(NODE, OTP, ADA).id());
      installer.wake();
      OtpInstall again = store.ask(NODE, OTP, ADA);
      installer.wake();
      assertThat(ended(again.id()).state()).isEqualTo(State.SUCCEEDED);
      assertThat(logOf(again.id())).isEqualTo("OTP 25.99 is there.\n");
    }
  }

  @Test
  void aReleaseThatKerlDoesNotKnowFailsInItsWords() {
    assertThat(failed("25.96"))
        .isEqualTo("kerl could not build OTP 25.96: '25.96' is not a valid Erlang/OTP release.");
  }

  @Test
  void aListOfReleasesThatIsTooOldIsBroughtUpToDate() throws Exception {
    Files.writeString(kerl.base().resolve("otp_releases"), "25.98\n25.99\n");
    OtpInstall asked = store.ask(NODE, new OtpVersion("25.97"), ADA);
    try (var _ = started()) {
      assertThat(ended(asked.id()).state()).isEqualTo(State.SUCCEEDED);
    }
  }

  @Test
  void aBuildThatFailsSaysWhyInItsReasonAndItsLog() throws Exception {
    kerl.breakBuilds();
    assertThat(failed("25.99"))
        .isEqualTo(
            "kerl could not build OTP 25.99: configure failed."
                + " (configure: error: No curses library functions found)");
    assertThat(logOf(1)).contains("checking for gcc", "ERROR: configure failed.\n");
  }

  @Test
  void whatWasBuiltAndNotInstalledSaysWhyAndIsOnlyInstalledTheNextTime() throws Exception {
    kerl.breakInstalling();
    assertThat(failed("25.99"))
        .startsWith("kerl could not install OTP 25.99: install of Erlang/OTP 25.99 (25.99), in ")
        .endsWith(
            " failed! (/usr/bin/install: cannot stat 'jquery-latest.js': No such file or directory)");

    kerl.mendInstalling();
    OtpInstall again = store.ask(NODE, OTP, ADA);
    try (var _ = started()) {
      assertThat(ended(again.id()).reason()).isEmpty();
    }
    assertThat(logOf(again.id())).contains("$ kerl install").doesNotContain("$ kerl build");
    assertThat(kerl.base().resolve("builds/25.99")).doesNotExist();
  }

  @Test
  void anInstallationThatCannotBeUsedIsNotCalledOne() throws Exception {
    kerl.breakInstallations();
    assertThat(failed("25.99"))
        .startsWith("kerl installed OTP 25.99 in " + folder)
        .endsWith("but it cannot be used there: there is no releases/N/OTP_VERSION.");
  }

  @Test
  void withoutKerlTheSentenceSaysWhatToDo() throws Exception {
    Files.delete(kerl.program());
    assertThat(failed("25.99"))
        .isEqualTo(
            "This server has no kerl: its operator must install it, or name it in RACCOON_KERL.");
  }

  @Test
  void oneIsDoneAtATimeAndAskingForItAgainIsTheSame() throws Exception {
    kerl.hold();
    OtpInstall first = store.ask(NODE, OTP, ADA);
    OtpInstall second = store.ask(NODE, new OtpVersion("25.98"), ADA);
    OtpInstall others = store.ask(UUID.randomUUID(), OTP, ADA);
    try (var _ = started()) {
      kerl.awaitHolding();
      assertThat(store.ask(NODE, OTP, ADA).id()).isEqualTo(first.id());
      Patience.await(() -> logOf(first.id()).contains("checking for gcc") ? yes() : no());
      assertThat(store.find(first.id()).orElseThrow().state()).isEqualTo(State.RUNNING);
      assertThat(store.find(second.id()).orElseThrow().state()).isEqualTo(State.QUEUED);

      kerl.release();
      assertThat(ended(first.id()).state()).isEqualTo(State.SUCCEEDED);
      assertThat(ended(second.id()).state()).isEqualTo(State.SUCCEEDED);
    }
    assertThat(store.find(others.id()).orElseThrow().state())
        .as("another node's")
        .isEqualTo(State.QUEUED);
    assertThat(store.page(Long.MAX_VALUE, 10)).extracting(OtpInstall::id).startsWith(others.id());
  }

  @Test
  void whatIsInterruptedEndsWithTheServerAndIsBegunAgainByTheNext() throws Exception {
    kerl.hold();
    OtpInstall asked = store.ask(NODE, OTP, ADA);
    try (var _ = started()) {
      kerl.awaitHolding();
    }
    assertThat(store.find(asked.id()).orElseThrow().state()).isEqualTo(State.RUNNING);
    Patience.await(() -> kerlProcesses() == 0 ? yes() : no());
    assertThat(kerl.base().resolve("builds/25.99/build.lock")).exists();

    kerl.release();
    try (var _ = started()) {
      assertThat(ended(asked.id()).reason()).isEmpty();
    }
    assertThat(logOf(asked.id()))
        .containsSubsequence("$ kerl build 25.99", "$ kerl build 25.99", "is there.\n");
  }

  @Test
  void aLogBeyondItsLimitIsCutAndTheReasonIsKept() {
    OtpInstall asked = store.ask(NODE, OTP, ADA);
    InstallLog log = new InstallLog(store, asked.id(), 1000);
    for (int i = 0; i < 100; i++) {
      log.say("a line of some twenty bytes");
      log.flush();
    }
    assertThat(logOf(asked.id()))
        .hasSizeBetween(900, 1200)
        .endsWith("More was printed, and is left out.\n");
  }

  @Test
  void logsOfTheNewestAreKept() {
    for (int i = 0; i <= OtpInstallStore.LOGS_KEPT; i++) {
      long id = store.ask(NODE, OTP, ADA).id();
      assertThat(store.next(NODE)).isPresent();
      store.append(id, 0, "printed".getBytes(UTF_8));
      store.end(id, Optional.of("no"));
    }
    assertThat(logOf(1)).isEmpty();
    assertThat(logOf(2)).isEqualTo("printed");
    assertThat(store.find(1)).isPresent();
  }

  private OtpInstaller started() {
    OtpInstaller installer =
        new OtpInstaller(
            NODE,
            store,
            inventory,
            new KerlSettings(
                Optional.empty(), List.of(folder), kerl.base(), folder.resolve("installations")),
            told::incrementAndGet);
    installer.start();
    return installer;
  }

  private String failed(String version) {
    OtpInstall asked = store.ask(NODE, new OtpVersion(version), ADA);
    try (var _ = started()) {
      OtpInstall ended = ended(asked.id());
      assertThat(ended.state()).isEqualTo(State.FAILED);
      assertThat(logOf(asked.id())).endsWith(ended.reason() + "\n");
      return ended.reason();
    }
  }

  private OtpInstall ended(long id) {
    return Patience.await(() -> store.find(id).filter(OtpInstall::hasEnded));
  }

  private String logOf(long id) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (List<byte[]> pieces = store.pieces(id, 0);
        !pieces.isEmpty();
        pieces = store.pieces(id, bytes.size())) {
      pieces.forEach(bytes::writeBytes);
    }
    return bytes.toString(UTF_8);
  }

  private long kerlProcesses() {
    return ProcessHandle.allProcesses()
        .filter(
            process -> process.info().commandLine().orElse("").contains(kerl.program().toString()))
        .count();
  }

  private static Optional<Boolean> yes() {
    return Optional.of(true);
  }

  private static Optional<Boolean> no() {
    return Optional.empty();
  }
}
