package dev.raccoon.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raccoon.sandbox.TestSandbox.Ran;
import dev.raccoon.value.BuildLimits;
import dev.raccoon.value.Limit;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How commands live and die. */
@Timeout(120)
class SandboxLifeTest {
  @TempDir Path folder;
  private TestSandbox sandbox;
  private final String marker = "marker-" + UUID.randomUUID();

  @BeforeEach
  void open() throws Exception {
    sandbox = TestSandbox.in(folder);
  }

  @AfterEach
  void close() {
    if (sandbox != null) {
      sandbox.close();
    }
  }

  @Test
  void statusAndBothStreamsAreTheCommands() throws Exception {
    Ran ran = sandbox.shell("echo one; echo two >&2; echo three; exit 3");

    assertThat(ran).isEqualTo(new Ran(new CommandResult.Exited(3), "one\ntwo\nthree\n"));
  }

  @Test
  void aSignalIsToldAs128AndItsNumber() throws Exception {
    assertThat(sandbox.shell("kill -KILL $$").result()).isEqualTo(new CommandResult.Exited(137));
  }

  @Test
  void aProgramThatIsNotThereIsTheCommandsFault() throws Exception {
    Ran ran = sandbox.run(TestSandbox.command("no-such-program"));

    assertThat(ran.result()).isEqualTo(new CommandResult.Exited(127));
    assertThat(ran.output()).contains("no-such-program", "not found");
  }

  /** A daemon that holds none of the command's streams, so that only its death can end it. */
  @Test
  void aDaemonIsGoneWhenTheCommandHasEnded() throws Exception {
    Ran ran = sandbox.shell(daemon());

    boolean left = TestSandbox.someProcessHas(marker);

    assertThat(ran).isEqualTo(new Ran(new CommandResult.Exited(0), "daemon is up\n"));
    assertThat(left).isFalse();
  }

  @Test
  void aDaemonIsGoneWhenTheCommandsTimeIsOver() throws Exception {
    BuildLimits three = TestSandbox.LIMITS.with(Map.of(Limit.TIME, 3000L));

    Ran ran =
        sandbox.run(
            TestSandbox.script("trap '' TERM;" + daemon() + "while :; do sleep 600; done"), three);
    boolean left = TestSandbox.someProcessHas(marker);

    assertThat(ran)
        .isEqualTo(new Ran(new CommandResult.OverLimit(Limit.TIME, 3000), "daemon is up\n"));
    assertThat(left).isFalse();
  }

  @Test
  void anInterruptEndsTheCommandAndItsDaemon() {
    Thread me = Thread.currentThread();
    OutputStream log = TestSandbox.whenItPrints(me::interrupt);

    assertThatThrownBy(() -> sandbox.run(TestSandbox.script(daemon() + "sleep 600"), log))
        .isInstanceOf(InterruptedException.class);

    assertThat(TestSandbox.someProcessHas(marker)).isFalse();
  }

  @Test
  void anInterruptedThreadLeavesNothingBehind() {
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> sandbox.shell(daemon() + "sleep 600"))
        .isInstanceOf(InterruptedException.class);

    while (TestSandbox.someProcessHas(marker)) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aLogThatCannotBeWrittenEndsTheCommand() {
    IOException full = new IOException("no space");
    OutputStream log =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw full;
          }
        };

    assertThatThrownBy(() -> sandbox.run(TestSandbox.script(daemon() + "sleep 600"), log))
        .isSameAs(full);

    assertThat(TestSandbox.someProcessHas(marker)).isFalse();
  }

  @Test
  void sixteenRunAtOnce() throws Exception {
    // None would end if they ran one after the other: each waits until all of them have come up.
    Path meeting = Files.createDirectory(folder.resolve("meeting"));
    CountDownLatch up = new CountDownLatch(16);
    String meet = "echo up; until [ -e \"$0/all\" ]; do sleep 0.05; done";
    List<Future<?>> all = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      SandboxCommand command =
          TestSandbox.command(List.of(meeting), "sh", "-c", meet, meeting.toString());
      for (int i = 0; i < 16; i++) {
        all.add(
            threads.submit(() -> {
              sandbox.run(command, TestSandbox.whenItPrints(up::countDown));
              return null;
            }));
      }
      assertThat(up.await(100, TimeUnit.SECONDS)).isTrue();
      Files.createFile(meeting.resolve("all"));
    }
    for (Future<?> one : all) {
      assertThat(one.state()).isEqualTo(Future.State.SUCCESS);
    }
  }

  @Test
  void fiftyMegabytesComeThrough() throws Exception {
    long[] count = new long[1];
    OutputStream log =
        new OutputStream() {
          @Override
          public void write(int b) {
            count[0]++;
          }

          @Override
          public void write(byte[] bytes, int offset, int length) {
            count[0] += length;
          }
        };

    sandbox.run(TestSandbox.script("head -c 50000000 /dev/zero"), log);

    assertThat(count[0]).isEqualTo(50_000_000);
  }

  /** Forks twice, in a session of its own, ignores SIGTERM, and holds no stream. */
  private String daemon() {
    return """
    (setsid sh -c 'trap "" TERM HUP; while :; do sleep 600; done' %s </dev/null >/dev/null 2>&1 &)
    while ! grep -qsxz '%s' /proc/[0-9]*/cmdline; do :; done
    echo 'daemon is up'
    """
        .formatted(marker, marker);
  }
}
