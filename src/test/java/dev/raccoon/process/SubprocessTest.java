package dev.raccoon.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.raccoon.process.Subprocess.End;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SubprocessTest {
  private static final Duration LONG = Duration.ofSeconds(50);

  private final ByteArrayOutputStream output = new ByteArrayOutputStream();

  @Test
  void bothStreamsComeWholeAndInOrder() throws Exception {
    End end = Subprocess.await(shell("echo one; echo two >&2; echo three; exit 7"), LONG, output);

    assertThat(end).isEqualTo(new End.Exited(7));
    assertThat(output.toString(UTF_8)).isEqualTo("one\ntwo\nthree\n");
  }

  @Test
  void fiftyMegabytesComeWhole() throws Exception {
    End end = Subprocess.await(shell("seq 6500000"), LONG, output);

    assertThat(end).isEqualTo(new End.Exited(0));
    byte[] printed = output.toByteArray();
    int at = 0;
    for (int number = 1; number <= 6_500_000; number++) {
      for (byte expected : (number + "\n").getBytes(UTF_8)) {
        if (printed[at++] != expected) {
          throw new AssertionError("line " + number + " differs at byte " + at);
        }
      }
    }
    assertThat(printed).hasSize(at).hasSizeGreaterThan(50_000_000);
  }

  @Test
  void itReadsNothing() throws Exception {
    assertThat(Subprocess.await(shell("cat; echo end"), LONG, output)).isEqualTo(new End.Exited(0));
    assertThat(output.toString(UTF_8)).isEqualTo("end\n");
  }

  @Test
  void aProgramThatNobodyCanListenToIsKilled() throws Exception {
    Process process = shell("sleep 600");

    assertThatThrownBy(() -> Subprocess.await(new WithoutListener(process), LONG, output))
        .isInstanceOf(OutOfMemoryError.class);

    assertThat(process.waitFor()).isEqualTo(137);
  }

  /** A process at which no thread for its output can be started. */
  private static final class WithoutListener extends Process {
    private final Process process;

    private WithoutListener(Process process) {
      this.process = process;
    }

    @Override
    public long pid() {
      throw new OutOfMemoryError("unable to create native thread");
    }

    @Override
    public ProcessHandle toHandle() {
      return process.toHandle();
    }

    @Override
    public OutputStream getOutputStream() {
      return process.getOutputStream();
    }

    @Override
    public InputStream getInputStream() {
      return process.getInputStream();
    }

    @Override
    public InputStream getErrorStream() {
      return process.getErrorStream();
    }

    @Override
    public int waitFor() throws InterruptedException {
      return process.waitFor();
    }

    @Override
    public int exitValue() {
      return process.exitValue();
    }

    @Override
    public void destroy() {
      process.destroy();
    }
  }

  @Test
  void aSignalIsToldAs128AndItsNumber() throws Exception {
    assertThat(Subprocess.await(shell("kill -SEGV $$"), LONG, output))
        .isEqualTo(new End.Exited(139));
  }

  @Test
  void theTimeoutKillsTheWholeTree() throws Exception {
    Process process = shell("trap '' TERM; (trap '' TERM; sleep 600 & wait) & echo up; wait");
    CountDownLatch up = new CountDownLatch(1);
    CompletableFuture<List<ProcessHandle>> tree =
        CompletableFuture.supplyAsync(() -> treeOf(process, up, 3));

    End end = Subprocess.await(process, Duration.ofSeconds(3), new CallingBack(up::countDown));

    assertThat(end).isEqualTo(new End.TimedOut(Duration.ofSeconds(3)));
    assertThat(tree.get(50, TimeUnit.SECONDS)).hasSizeGreaterThanOrEqualTo(3);
    for (ProcessHandle handle : tree.get()) {
      handle.onExit().get(50, TimeUnit.SECONDS);
    }
  }

  @Test
  void whatWasPrintedBeforeTheTimeoutIsKept() throws Exception {
    Duration timeout = Duration.ofSeconds(1);

    assertThat(Subprocess.await(shell("seq 9999; exec sleep 600"), timeout, output))
        .isEqualTo(new End.TimedOut(timeout));

    assertThat(output.toString(UTF_8)).endsWith("\n9999\n");
  }

  @Test
  void anInterruptKillsTheTreeAndIsPassedOn() throws Exception {
    Process process = shell("echo up; sleep 600; echo never");
    Thread me = Thread.currentThread();

    assertThatThrownBy(() -> Subprocess.await(process, LONG, new CallingBack(me::interrupt)))
        .isInstanceOf(InterruptedException.class);

    assertThat(process.isAlive()).isFalse();
  }

  @Test
  void anOutputThatCannotBeWrittenKillsIt() {
    IOException full = new IOException("no space");

    assertThatThrownBy(() -> Subprocess.await(shell("yes"), LONG, new Failing(full)))
        .isSameAs(full);
  }

  @Test
  void whatTheOutputThrowsIsThrownAsItIs() {
    IllegalStateException lost = new IllegalStateException("lost");
    OutputStream output =
        new CallingBack(() -> {
          throw lost;
        });

    assertThatThrownBy(() -> Subprocess.await(shell("yes"), LONG, output)).isSameAs(lost);
  }

  /**
   * Java either reads what there is and lets go of the pipe when the program ends, or, when it is
   * just waiting for more, goes on waiting. Neither may take longer than was said.
   */
  @Test
  void aDaemonThatKeepsTheOutputOpenIsNotWaitedForForEver(@TempDir Path folder) throws Exception {
    Path seen = folder.resolve("seen");
    Process process =
        shell("setsid sleep 600 & echo $!; while ! [ -e '" + seen + "' ]; do sleep 0.1; done");
    try {
      Throwable failure =
          catchThrowable(
              () -> Subprocess.await(process, LONG, telling(seen), Duration.ofSeconds(1)));

      if (failure != null) {
        assertThat(failure)
            .isInstanceOf(IOException.class)
            .hasMessageContaining("held its output for 1 s");
      }
      assertThat(daemon()).isPresent();
    } finally {
      daemon().ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  private Optional<ProcessHandle> daemon() {
    return ProcessHandle.of(Long.parseLong(output.toString(UTF_8).strip()));
  }

  private OutputStream telling(Path seen) {
    return new FilterOutputStream(output) {
      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
        Files.writeString(seen, "");
      }
    };
  }

  private static Process shell(String script) throws IOException {
    return new ProcessBuilder("sh", "-c", script).redirectErrorStream(true).start();
  }

  /** All processes of the tree, once there are so many. */
  private static List<ProcessHandle> treeOf(Process process, CountDownLatch up, int atLeast) {
    try {
      up.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    List<ProcessHandle> tree = List.of();
    while (tree.size() < atLeast - 1 && process.isAlive()) {
      tree = process.descendants().toList();
      Thread.onSpinWait();
    }
    List<ProcessHandle> all = new ArrayList<>(tree);
    all.add(process.toHandle());
    return all;
  }

  /** Tells that something was printed. */
  private static final class CallingBack extends OutputStream {
    private final Runnable callback;

    CallingBack(Runnable callback) {
      this.callback = callback;
    }

    @Override
    public void write(int b) {
      callback.run();
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      callback.run();
    }
  }

  private static final class Failing extends OutputStream {
    private final IOException failure;

    Failing(IOException failure) {
      this.failure = failure;
    }

    @Override
    public void write(int b) throws IOException {
      throw failure;
    }
  }
}
