package dev.raccoon.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.raccoon.testing.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessTableTest extends MeterContract {
  private static final long MIB = 1024 * 1024;

  @TempDir Path proc;

  @Override
  Metered start(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    return new Metered(process, new ProcessTable(process.pid(), Long.MAX_VALUE));
  }

  /** Ten processes that share 50 MiB, until one of them writes. */
  @Test
  void aboveTheLimitPagesThatForksShareAreCountedOnce() throws Exception {
    try (Metered program =
        start(
            "perl",
            "-e",
            "my $n = 50 << 20; my $x = 'x' x $n;"
                + "for (1..9) { if (!fork) { <STDIN>; exit } } <STDIN>; wait for 1..9")) {
      Patience.await(() -> tenProcesses(program.meter()));
      ProcessTable precise = new ProcessTable(program.process().pid(), 200 * MIB);

      assertThat(program.meter().sample().memoryBytes()).isGreaterThan(500 * MIB);
      assertThat(precise.sample().memoryBytes()).isBetween(50 * MIB, 200 * MIB);
    }
  }

  /** bwrap, the name space's first process, and a daemon whose parent has ended. */
  @Test
  void aDaemonInASandboxStaysADescendant() throws Exception {
    assumeTrue(TestSandbox.bubblewrapWorks(), "bubblewrap may not make user name spaces here");
    String daemon =
        "$| = 1; if (!fork) { if (!fork) { setpgrp; <STDIN> } exit } wait; print 'x'; <STDIN>";

    try (Metered program =
        start(
            "bwrap",
            "--unshare-user",
            "--unshare-pid",
            "--as-pid-1",
            "--die-with-parent",
            "--ro-bind",
            "/",
            "/",
            "--dev",
            "/dev",
            "--proc",
            "/proc",
            "perl",
            "-e",
            daemon)) {
      assertThat(program.process().getInputStream().read()).isEqualTo('x');

      assertThat(program.meter().sample().processes()).isEqualTo(3);
    }
  }

  private static Optional<Usage> tenProcesses(Meter meter) {
    try {
      return Optional.of(meter.sample()).filter(usage -> usage.processes() == 10);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aNewProcessWithAStrangersNumberIsCountedSoon() throws Exception {
    process(1, 0, "init");
    process(10, 1, "sh");
    process(12, 1, "stranger");
    ProcessTable table = new ProcessTable(proc, 10, Long.MAX_VALUE);
    assertThat(table.sample().processes()).isEqualTo(1);

    Files.delete(proc.resolve("12/status"));
    Files.delete(proc.resolve("12"));
    process(12, 10, "child");
    Usage seen = table.sample();
    for (int sample = 0; sample < 10; sample++) {
      seen = table.sample();
    }

    assertThat(seen.processes()).isEqualTo(2);
  }

  @Test
  void descendantsOfAnyDepthAreCountedAndNoOthers() throws Exception {
    process(10, 1, "sh");
    process(9, 10, "child with a smaller number");
    process(11, 9, "grandchild");
    process(12, 1, "stranger");

    assertThat(new ProcessTable(proc, 10, Long.MAX_VALUE).sample()).isEqualTo(new Usage(12288, 3));
  }

  @Test
  void aProcessThatVanishesWhileItIsReadIsLeftOut() throws Exception {
    process(10, 1, "sh");
    process(11, 10, "gone");
    Files.delete(proc.resolve("11/status"));
    Files.createDirectory(proc.resolve("12"));

    assertThat(new ProcessTable(proc, 10, Long.MAX_VALUE).sample()).isEqualTo(new Usage(4096, 1));
  }

  @Test
  void whatCannotBeCountedPreciselyIsCountedAsBefore() throws Exception {
    process(10, 1, "sh");
    process(11, 10, "closed");
    Files.writeString(
        proc.resolve("10/smaps_rollup"),
        "00400000-7ffd [rollup]\nPss:   3 kB\nPss_Anon:   1 kB\nPss_Shmem:   2 kB\n");

    assertThat(new ProcessTable(proc, 10, 8191).sample()).isEqualTo(new Usage(3072 + 4096, 2));
    assertThat(new ProcessTable(proc, 10, 8192).sample()).isEqualTo(new Usage(8192, 2));
  }

  private void process(int number, int parent, String name) throws IOException {
    Path folder = Files.createDirectory(proc.resolve(Integer.toString(number)));
    Files.writeString(
        folder.resolve("status"),
        "Name:\t"
            + name
            + "\nPPid:\t"
            + parent
            + "\nVmRSS:\t 9 kB\nRssAnon:\t 3 kB\nRssShmem:\t 1 kB\nThreads:\t1\n");
  }
}
