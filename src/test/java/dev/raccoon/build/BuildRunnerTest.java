package dev.raccoon.build;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raccoon.catalog.Build;
import dev.raccoon.catalog.BuildState;
import dev.raccoon.catalog.FailureKind;
import dev.raccoon.catalog.ResolutionStore.Resolved;
import dev.raccoon.queue.Claims;
import dev.raccoon.queue.Lease;
import dev.raccoon.queue.NotNowException;
import dev.raccoon.queue.QueueStore;
import dev.raccoon.sandbox.WorkFolder;
import dev.raccoon.testing.GitRepository;
import dev.raccoon.value.OtpVersion;
import dev.raccoon.value.Ref;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How a run ends where something but the package goes wrong. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BuildRunnerTest {
  @TempDir Path folder;

  @Test
  void aRunThatCannotEvenBeginGoesBackWithItsReasonAndAPause() throws Exception {
    try (BuildFixture fixture = BuildFixture.ofFolders(folder)) {
      Build asked = fixture.ask("1.0.0").getFirst();
      Files.createFile(fixture.work());

      fixture.runner.run(fixture.claim());

      Build build = fixture.find(asked.id());
      assertThat(build.state()).isEqualTo(BuildState.QUEUED);
      assertThat(build.message()).startsWith("Our fault: An error of the server's");
      assertThat(waits(fixture)).isTrue();
    }
  }

  @Test
  void aFaultOfOursIsTriedFiveTimesEachLaterThanTheLastAndCounted() throws Exception {
    try (BuildFixture fixture = BuildFixture.ofFolders(folder)) {
      Build asked = fixture.ask("1.0.0").getFirst();
      Files.createFile(fixture.work());
      List<String> next = new ArrayList<>();

      for (int i = 0; i < QueueStore.MAX_ATTEMPTS; i++) {
        fixture.runner.run(fixture.claim());
        next.add(fixture.find(asked.id()).message().replaceFirst(".*log[.] ?", ""));
      }

      assertThat(next)
          .containsExactly(
              "Trying again in 10 s.",
              "Trying again in 20 s.",
              "Trying again in 40 s.",
              "Trying again in 80 s.",
              "");
      assertThat(fixture.find(asked.id()).failure()).contains(FailureKind.INFRASTRUCTURE);
      assertThat(fixture.metrics.flat())
          .containsEntry("counter.infrastructure.again", 4L)
          .containsEntry("counter.infrastructure.given.up", 1L);
      assertThat(fixture.doubts).as("each has the sandbox tried").hasValue(5);
    }
  }

  @Test
  void aDiskThatIsFullWithoutTheBuildMakesNoAttemptOfIt() throws Exception {
    var _ = BuildFixture.demo(folder);
    try (BuildFixture fixture = BuildFixture.ofFolders(folder)) {
      Build asked = fixture.ask("1.0.0").getFirst();
      fixture.fillDatabase();
      Lease lease = fixture.claim();
      fixture.hasSpace.set(false);

      assertThatThrownBy(() -> fixture.runner.run(lease))
          .isInstanceOf(NotNowException.class)
          .hasMessage("the disk is full. The server's disk was full.");

      assertThat(fixture.find(asked.id()).state()).isEqualTo(BuildState.RUNNING);
      assertThat(fixture.work()).isEmptyDirectory();
    }
  }

  @Test
  void aBuildThatFillsTheDiskIsNotTriedForEver() throws Exception {
    var _ = BuildFixture.demo(folder);
    try (BuildFixture fixture = BuildFixture.ofFolders(folder)) {
      Build asked = fixture.ask("1.0.0").getFirst();
      fixture.fillDatabase();

      fixture.runner.run(fixture.claim());

      Build build = fixture.find(asked.id());
      assertThat(build.state()).isEqualTo(BuildState.QUEUED);
      assertThat(build.attempt()).isEqualTo(1);
      assertThat(build.message()).contains("The server's disk was full. Trying again in 10 s.");
    }
  }

  @Test
  void noBuildFillsAnotherMachinesDisk() throws Exception {
    var _ = BuildFixture.demo(folder);
    try (BuildFixture fixture = BuildFixture.withOutsideDatabase(folder)) {
      var _ = fixture.ask("1.0.0");
      fixture.fillDatabase();
      Lease lease = fixture.claim();

      assertThatThrownBy(() -> fixture.runner.run(lease))
          .isInstanceOf(NotNowException.class)
          .hasMessage("the database's disk is full");
    }
  }

  @Test
  void theLastSuchRunFailsTheBuildAsOurFault() throws Exception {
    try (BuildFixture fixture = BuildFixture.ofFolders(folder)) {
      Build asked = fixture.ask("1.0.0").getFirst();
      Files.createFile(fixture.work());
      fixture.sql("update build set attempt = 4");

      fixture.runner.run(fixture.claim());

      Build build = fixture.find(asked.id());
      assertThat(build.state()).isEqualTo(BuildState.FAILED);
      assertThat(build.failure()).contains(FailureKind.INFRASTRUCTURE);
      assertThat(build.message()).startsWith("An error of the server's");
    }
  }

  @Test
  void aVerdictStandsWhereItsLogCannotBeKept() throws Exception {
    var _ = BuildFixture.demo(folder);
    try (BuildFixture fixture = BuildFixture.ofFolders(folder)) {
      Build asked = fixture.ask("absent").getFirst();
      WorkFolder.delete(fixture.artifacts());

      fixture.runner.run(fixture.claim());

      Build build = fixture.find(asked.id());
      assertThat(build.failure()).contains(FailureKind.SOURCE);
      assertThat(build.log()).isEmpty();
      assertThat(new String(fixture.logs.pieces(build.id(), 0).getLast(), UTF_8))
          .endsWith("==> Failed: " + build.message() + "\n");
    }
  }

  @Test
  void anInterruptIsNoAttempt() throws Exception {
    var _ = BuildFixture.demo(folder);
    try (BuildFixture fixture = BuildFixture.ofFolders(folder)) {
      Build asked = fixture.ask("1.0.0").getFirst();
      Lease lease = fixture.claim();

      Thread.currentThread().interrupt();
      fixture.runner.run(lease);

      assertThat(Thread.interrupted()).isTrue();
      Build build = fixture.find(asked.id());
      assertThat(build.state()).isEqualTo(BuildState.QUEUED);
      assertThat(build.attempt()).isZero();
      assertThat(fixture.work()).isEmptyDirectory();
    }
  }

  @Test
  void twoRunsOfOneBuildNeverShareAFolder() throws Exception {
    try (ServerSocket host = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        BuildFixture fixture =
            new BuildFixture(folder, "http://127.0.0.1:" + host.getLocalPort() + "/")) {
      var _ = fixture.ask("1.0.0");
      Lease lost = fixture.claim();
      Thread first = Thread.ofPlatform().start(() -> fixture.runner.run(lost));
      try (Socket held = host.accept()) {
        assertThat(held.isConnected()).isTrue();
        Lease lease = Claims.takenOver(fixture.jdbi, lost);
        Thread second = Thread.ofPlatform().start(() -> fixture.runner.run(lease));
        while (folders(fixture.work()).size() < 2) {
          Thread.onSpinWait();
        }
        second.interrupt();
        second.join();
        first.interrupt();
        first.join();
      }
      assertThat(fixture.work()).isEmptyDirectory();
    }
  }

  @Test
  void whatAnEarlierAttemptCameToIsBuiltEvenIfThereIsANewerTag() throws Exception {
    GitRepository demo = BuildFixture.demo(folder);
    try (BuildFixture fixture = BuildFixture.ofFolders(folder)) {
      Build asked = fixture.ask("").getFirst();
      Lease lease = fixture.claim();
      fixture.resolutions.resolve(
          lease,
          new Resolved(
              new Ref("1.0.0"), "TAG", demo.commitOf("1.0.0"), new OtpVersion("25"), List.of()));
      fixture.leased.tryAgain(lease, Duration.ZERO, "Our fault.");

      fixture.runner.run(fixture.claim());

      Build build = fixture.find(asked.id());
      assertThat(build.failure()).contains(FailureKind.TOOLCHAIN);
      assertThat(build.commit()).contains(demo.commitOf("1.0.0"));
    }
  }

  @Test
  void aDamagedSourceIsFetchedAnewByTheNextAttempt() throws Exception {
    var _ = BuildFixture.demo(folder);
    try (BuildFixture fixture = BuildFixture.ofFolders(folder)) {
      Build asked = fixture.ask("1.0.0").getFirst();
      var _ = fixture.sources.of(asked);
      WorkFolder.delete(fixture.sources(asked).getFirst().resolve("objects"));

      fixture.runner.run(fixture.claim());
      assertThat(fixture.find(asked.id()).state()).isEqualTo(BuildState.QUEUED);
      fixture.runner.run(fixture.claim());

      assertThat(fixture.find(asked.id()).failure()).contains(FailureKind.TOOLCHAIN);
    }
  }

  private static boolean waits(BuildFixture fixture) {
    return fixture.jdbi.withHandle(
        handle -> handle.select("select not_before > now() from build").mapTo(Boolean.class).one());
  }

  private static List<Path> folders(Path parent) throws IOException {
    try (Stream<Path> entries = Files.list(parent)) {
      return entries.toList();
    }
  }
}
