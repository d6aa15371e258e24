package dev.raccoon.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.raccoon.sandbox.TestSandbox.Ran;
import dev.raccoon.value.BuildLimits;
import dev.raccoon.value.Limit;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a command may have of everything, and what is said when it wants more. */
@Timeout(60)
@ParameterizedClass
@EnumSource
class SandboxLimitsTest {
  private static final String TAKE_MEMORY = "perl -e '$x = \"x\" x (200 << 20); sleep 600'";
  private static final String SPIN = "while :; do :; done";

  private final Counting counting;
  @TempDir Path folder;
  private @Nullable TestGroups groups;
  private TestSandbox sandbox;

  SandboxLimitsTest(Counting counting) {
    this.counting = counting;
  }

  enum Counting {
    BY_THE_KERNEL,
    FROM_OUTSIDE
  }

  @BeforeEach
  void open() throws Exception {
    if (counting == Counting.BY_THE_KERNEL) {
      groups = TestGroups.orSkip();
    }
    sandbox =
        TestSandbox.in(
            folder,
            folder.resolve("tree"),
            Sandbox.Mode.BUBBLEWRAP,
            groups == null ? TestGroups.none() : groups.groups());
  }

  @AfterEach
  void close() throws Exception {
    if (sandbox != null) {
      sandbox.close();
    }
    if (groups != null) {
      groups.close();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "TIME       | 2000 | while :; do echo busy; sleep 0.1; done",
        "SILENCE    | 1000 | " + SPIN,
        "MEMORY     | 104857600 | " + TAKE_MEMORY,
        "PROCESSES  | 40 | for i in $(seq 100); do sleep 600 & done; wait",
        "PROCESSES  | 40 | while :; do sleep 600 & done",
        "DISK       | 10000000 | head -c 20000000 /dev/zero >file",
        "DISK       | 10000000 | head -c 8000000 /dev/zero >file; sleep 0.5; kill -BUS $$",
        "DISK       | 10000000 | truncate -s 10G sparse",
        "DISK       | 10000000 | head -c 20000000 /dev/zero >/tmp/file",
        "DISK       | 10000000 | head -c 20000000 /dev/zero >~/file",
        "DISK       | 10000000 | head -c 20000000 /dev/zero >/dev/shm/file",
        "FILES      | 300 | set -e; for i in $(seq 400); do : >f$i; done",
      })
  void eachLimitHoldsAndIsNamed(Limit limit, long amount, String script) throws Exception {
    Ran ran =
        sandbox.run(TestSandbox.script(script), TestSandbox.LIMITS.with(Map.of(limit, amount)));

    assertThat(ran.result()).as(ran.output()).isEqualTo(new CommandResult.OverLimit(limit, amount));
  }

  @Test
  void allFilesTogetherCountWhereverTheyLie() throws Exception {
    String half = "head -c 6000000 /dev/zero >";

    assertThat(
            sandbox
                .run(
                    TestSandbox.script(half + "a && " + half + "/tmp/b"),
                    TestSandbox.LIMITS.with(Map.of(Limit.DISK, 10_000_000L)))
                .result())
        .isEqualTo(new CommandResult.OverLimit(Limit.DISK, 10_000_000));
  }

  @Test
  void aCommandThatOnlyTriesToHaveMoreGoesOn() throws Exception {
    String tries = "head -c 99999999 /dev/zero >file; rm file; echo still here";

    assertThat(sandbox.shell(tries).lines()).endsWith("still here");
  }

  /** What it was to do may be half done. */
  @Test
  void aProcessThatTheKernelKilledForItsMemoryIsNoticedAlthoughTheCommandGoesOn() throws Exception {
    assumeTrue(counting == Counting.BY_THE_KERNEL, "nothing but the kernel kills that fast");
    BuildLimits limits =
        TestSandbox.LIMITS.with(Map.of(Limit.MEMORY, 64L << 20, Limit.DISK, 8L << 20));

    assertThat(
            sandbox
                .run(TestSandbox.script("perl -e '$x = \"x\" x (400 << 20)'; true"), limits)
                .result())
        .isEqualTo(new CommandResult.OverLimit(Limit.MEMORY, 64L << 20));
  }

  @Test
  void openFilesOfAProcessAreLimited() throws Exception {
    assertThat(sandbox.shell("ulimit -n; ulimit -H -n; ulimit -c").lines())
        .containsExactly("256", "256", "0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "DISK  | 10000000 | head -c 20000000 /dev/zero >file; true",
        "FILES | 300 | i=0; while : 2>/dev/null >f$i; do i=$((i+1)); done; true",
      })
  void whatOneCommandHasUsedUpTheNextHasNot(Limit limit, long amount, String script)
      throws Exception {
    try (Workspace workspace = sandbox.open(TestSandbox.LIMITS.with(Map.of(limit, amount)))) {
      TestSandbox.run(workspace, TestSandbox.script("(" + script + ")"));

      CommandResult next = TestSandbox.run(workspace, TestSandbox.script("echo x >more")).result();

      assertThat(next).isEqualTo(new CommandResult.OverLimit(limit, amount));
    }
  }

  @Test
  void aCommandCannotLockTheNextOneOut() throws Exception {
    try (Workspace workspace = sandbox.open(TestSandbox.LIMITS)) {
      TestSandbox.run(workspace, TestSandbox.script("chmod 000 . /build/.cache"));

      assertThat(TestSandbox.run(workspace, TestSandbox.script("echo in")))
          .isEqualTo(new Ran(new CommandResult.Exited(0), "in\n"));
    }
  }

  @Test
  void theTimeIsThatOfAllCommandsTogether() throws Exception {
    try (Workspace workspace = sandbox.open(TestSandbox.LIMITS.with(Map.of(Limit.TIME, 3000L)))) {
      TestSandbox.run(workspace, TestSandbox.script("sleep 2"));

      assertThat(TestSandbox.run(workspace, TestSandbox.script("sleep 2")).result())
          .isEqualTo(new CommandResult.OverLimit(Limit.TIME, 3000));
    }
  }

  @Test
  void aForkBombIsGoneWithItsCommand() throws Exception {
    String marker = "marker-" + UUID.randomUUID();
    String bomb = "perl -e 'fork while 1' " + marker;

    Ran ran =
        sandbox.run(
            TestSandbox.script(bomb), TestSandbox.LIMITS.with(Map.of(Limit.PROCESSES, 60L)));

    assertThat(ran.result()).isEqualTo(new CommandResult.OverLimit(Limit.PROCESSES, 60));
    assertThat(TestSandbox.someProcessHas(marker)).isFalse();
  }

  @Test
  void theMostThatAllCommandsHadIsKept() throws Exception {
    try (Workspace workspace = sandbox.open(TestSandbox.LIMITS)) {
      TestSandbox.run(
          workspace,
          TestSandbox.script(
              "perl -e '$x = \"x\" x (40 << 20); select(undef, undef, undef, 0.5)'"));
      TestSandbox.run(workspace, TestSandbox.script("head -c 9000000 /dev/zero >file"));
      TestSandbox.run(
          workspace, TestSandbox.script("rm file; for i in 1 2 3 4; do sleep 0.5 & done; wait"));

      assertThat(workspace.peaks().memoryBytes()).isBetween(40L << 20, 200L << 20);
      assertThat(workspace.peaks().diskBytes()).isBetween(9_000_000L, 12_000_000L);
      assertThat(workspace.peaks().processes()).isBetween(6L, 20L);
      assertThat(workspace.peaks().files()).isBetween(5L, 50L);
    }
  }

  @Test
  void filesOfOtherCommandsAreNotMemoryOfThisOne() throws Exception {
    try (Workspace workspace =
        sandbox.open(TestSandbox.LIMITS.with(Map.of(Limit.MEMORY, 32L << 20)))) {
      TestSandbox.run(workspace, TestSandbox.script("head -c 60000000 /dev/zero >file"));

      assertThat(TestSandbox.run(workspace, TestSandbox.script("sleep 0.5; ls")).result())
          .isEqualTo(new CommandResult.Exited(0));
    }
  }
}
