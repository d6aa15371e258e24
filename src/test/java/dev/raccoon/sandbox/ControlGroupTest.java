package dev.raccoon.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.value.Limit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the kernel does for a real control group. */
@Timeout(120)
class ControlGroupTest {
  private static final long MIB = 1024 * 1024;

  @TempDir Path folder;
  private TestGroups groups;

  @BeforeEach
  void open() throws IOException {
    groups = TestGroups.orSkip();
  }

  @AfterEach
  void close() throws IOException {
    if (groups != null) {
      groups.close();
    }
  }

  @Test
  void whatTakesTooMuchMemoryIsKilledAndTheLimitIsTold() throws Exception {
    try (ControlGroup group = groups.open(64 * MIB, 100)) {
      Process hog = TestGroups.start(group, "perl", "-e", "my $n = 200 << 20; my $x = 'x' x $n");

      assertThat(hog.waitFor()).isEqualTo(137);
      assertThat(group.exceeded()).contains(Limit.MEMORY);
    }
  }

  @Test
  void memoryOfSeveralProcessesIsCountedTogether() throws Exception {
    try (ControlGroup group = groups.open(100 * MIB, 100)) {
      Process parent =
          TestGroups.start(
              group,
              "perl",
              "-e",
              "for (1..4) { if (!fork) { my $n = 40 << 20; my $x = 'x' x $n; <STDIN>; exit } } wait");

      assertThat(parent.waitFor()).isIn(0, 137); // cgroup v2 kills them all, v1 one
      assertThat(group.exceeded()).contains(Limit.MEMORY);
    }
  }

  @Test
  void aForkTooManyIsRefusedAndTheLimitIsTold() throws Exception {
    try (ControlGroup group = groups.open(256 * MIB, 10)) {
      Process program =
          TestGroups.start(
              group,
              "perl",
              "-e",
              "while (defined(my $p = fork)) { $p or <STDIN>, exit; $n++ } print $n");

      assertThat(new String(program.getInputStream().readNBytes(1), UTF_8)).isEqualTo("9");
      assertThat(group.exceeded()).contains(Limit.PROCESSES);
    }
  }

  @Test
  void aProgramWithinItsLimitsExceedsNone() throws Exception {
    try (ControlGroup group = groups.open(64 * MIB, 10)) {
      assertThat(TestGroups.start(group, "true").waitFor()).isZero();

      assertThat(group.exceeded()).isEmpty();
    }
  }

  @Test
  void fileCacheIsNoUseOfMemory() throws Exception {
    try (ControlGroup group = groups.open(64 * MIB, 10)) {
      Process writer =
          TestGroups.start(
              group, "dd", "if=/dev/zero", "of=" + folder.resolve("file"), "bs=1M", "count=200");
      writer.getInputStream().readAllBytes();

      assertThat(writer.waitFor()).isZero();
      assertThat(group.exceeded()).isEmpty();
      assertThat(group.sample().memoryBytes()).isLessThan(32 * MIB);
    }
  }

  @Test
  void closingEndsWhatForksForEver() throws Exception {
    ControlGroup group = groups.open(256 * MIB, 50);
    Process bomb =
        TestGroups.start(
            group,
            "perl",
            "-e",
            "$| = 1; $SIG{TERM} = 'IGNORE'; setpgrp; fork; print 'x'; while (1) { fork and exit }");
    assertThat(bomb.getInputStream().read()).isEqualTo('x');

    group.close();

    assertThat(group.processFiles()).noneMatch(Files::exists);
    assertThat(bomb.waitFor()).isIn(0, 137);
  }

  @Test
  void anInterruptDoesNotKeepAGroupFromBeingClosed() throws Exception {
    ControlGroup group = groups.open(64 * MIB, 10);
    Process program = TestGroups.start(group, "perl", "-e", "$| = 1; print 'x'; <STDIN>");
    assertThat(program.getInputStream().read()).isEqualTo('x');

    Thread.currentThread().interrupt();
    group.close();

    assertThat(Thread.interrupted()).isTrue();
    assertThat(group.processFiles()).noneMatch(Files::exists);
    assertThat(program.waitFor()).isEqualTo(137);
  }

  @Test
  void aServersNextStartSweepsWhatItLeftAndNothingOfOthers() throws Exception {
    String mine = UUID.randomUUID().toString();
    try (ControlGroups before = groups.find(mine);
        ControlGroup others = groups.open(64 * MIB, 10)) {
      ControlGroup left = before.open("left", 64 * MIB, 10);
      Process leftOver = TestGroups.start(left, "perl", "-e", "$| = 1; print 'x'; <STDIN>");
      Process stranger = TestGroups.start(others, "perl", "-e", "$| = 1; print 'x'; <STDIN>");
      assertThat(leftOver.getInputStream().read()).isEqualTo('x');
      assertThat(stranger.getInputStream().read()).isEqualTo('x');

      groups.find(mine).sweep();

      assertThat(left.processFiles()).noneMatch(Files::exists);
      assertThat(leftOver.waitFor()).isEqualTo(137);
      assertThat(stranger.isAlive()).isTrue();
      assertThat(others.sample().processes()).isEqualTo(1);
    }
  }
}
