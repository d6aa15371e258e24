package dev.raccoon.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.raccoon.config.Settings;
import dev.raccoon.process.User;
import dev.raccoon.sandbox.ControlGroups;
import dev.raccoon.sandbox.Sandbox;
import dev.raccoon.testing.Patience;
import dev.raccoon.testing.SettableClock;
import dev.raccoon.toolchain.OtpInstallation;
import dev.raccoon.toolchain.OtpInstallations;
import dev.raccoon.toolchain.OtpSearch;
import dev.raccoon.value.BuildLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that a shell plays, in the real sandbox. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TrialTest {
  @TempDir private Path folder;

  private final SettableClock clock = new SettableClock();
  private Sandbox sandbox;
  private Trial trial;
  private OtpInstallation otp;
  private Path program;

  @BeforeEach
  void start() throws IOException {
    assumeFalse(User.isRoot(), "this is root, whom the kernel's limits do not hold");
    BuildLimits limits = Settings.of(Map.of()).builds().limits();
    sandbox =
        new Sandbox(
            folder.resolve("sandbox"),
            Sandbox.Mode.BUBBLEWRAP,
            ControlGroups.find("trial", "no-such-folder"),
            limits);
    trial = new Trial(sandbox, limits, folder.resolve("trials"), clock);
    Optional<OtpInstallation> found =
        OtpInstallations.scan(
                new OtpSearch(List.of(), OtpSearch.USUAL_ROOTS, List.of(), Optional.empty()))
            .newest();
    assumeTrue(found.isPresent(), "there is no Erlang/OTP on this machine");
    otp = found.get();
    program = Files.writeString(folder.resolve("program"), ". \"${0%/*}/does\"\n");
  }

  @AfterEach
  void stop() {
    if (sandbox != null) {
      sandbox.close();
    }
  }

  @Test
  void allWhoAskAtOnceShareOneTrial() throws Exception {
    does("sleep 0.2; cat /proc/sys/kernel/random/uuid");

    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Optional<String>>> all = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        all.add(threads.submit(this::printed));
      }
      String first = all.getFirst().get().orElseThrow();
      for (Future<Optional<String>> each : all) {
        assertThat(each.get()).contains(first);
      }
      assertThat(printed()).as("asked later").contains(first);
    }
  }

  @Test
  void whoeverWaitedForOneThatIsInterruptedMakesItThemselves() throws Exception {
    does("until [ -e \"${0%/*}/may-end\" ]; do sleep 0.05; done; echo ended");
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread first =
        Thread.ofVirtual()
            .start(() -> {
              try {
                printed();
              } catch (IOException | InterruptedException e) {
                thrown.set(e);
              }
            });
    Patience.await(() -> trials().isEmpty() ? Optional.empty() : Optional.of(true));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Optional<String>> second = threads.submit(this::printed);
      first.interrupt();
      first.join();
      assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
      Files.createFile(folder.resolve("may-end"));
      assertThat(second.get()).contains("ended");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kill -9 $$",
        "echo 'eheap_alloc: Cannot allocate 2097152 bytes of memory'; kill -ABRT $$",
        "echo 'escript: exception error: {badmatch,{error,enospc}}'; exit 127",
        "echo 'write error: No space left on device'; exit 1",
        "echo 'Failed to create dirty cpu scheduler thread 1, error = 11'; exit 1"
      })
  void whatHasAPassingReasonSaysNothingOfTheProgram(String failure) throws Exception {
    does(failure);
    assertThatThrownBy(this::printed)
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(
            "Whether %s runs on OTP %s cannot be told now: ".formatted(program, otp.version()));

    does("echo 1.0");
    assertThat(printed()).contains("1.0");
  }

  @Test
  void whatFailsIsTriedAgainWhenItsFileChangesAndAfterSomeMinutes() throws Exception {
    does("echo 'undefined function foo:bar/1'; exit 1");
    assertThat(printed()).isEmpty();
    does("echo 1.0");
    assertThat(printed()).as("at once").isEmpty();

    clock.pass(Trial.FAILURE_COUNTS);
    assertThat(printed()).contains("1.0");

    does("exit 1");
    clock.pass(Trial.FAILURE_COUNTS);
    assertThat(printed()).as("what ran once runs").contains("1.0");
    Files.writeString(program, "# another\nexit 1\n");
    assertThat(printed()).isEmpty();
    Files.delete(program);
    assertThat(printed()).isEmpty();
  }

  private void does(String commands) throws IOException {
    Files.writeString(folder.resolve("does"), commands + "\n");
  }

  private Optional<String> printed() throws IOException, InterruptedException {
    return trial.printed(
        otp,
        program,
        new Task("program", List.of("/bin/sh", program.toString()), Map.of(), List.of(folder)));
  }

  private List<Path> trials() {
    if (!Files.isDirectory(folder.resolve("trials"))) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(folder.resolve("trials"))) {
      return all.toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
