package dev.raccoon.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.sandbox.TestSandbox.Ran;
import java.nio.file.Path;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Commands that print nothing for long. It only waits, so it does so beside other tests. */
@Execution(ExecutionMode.CONCURRENT)
class SandboxSilenceTest {
  @TempDir Path folder;

  /** Forty-five seconds, since what ended silent ones did so after up to thirty. */
  @Test
  void silentCommandsLiveOnWhicheverThreadStartedThem() throws Exception {
    try (TestSandbox sandbox = TestSandbox.in(folder)) {
      String silence = "sleep 45; echo survived";
      FutureTask<Ran> first = new FutureTask<>(() -> sandbox.shell("true"));
      Thread.ofPlatform().start(first).join();
      FutureTask<Ran> virtual = new FutureTask<>(() -> sandbox.shell(silence));
      FutureTask<Ran> platform = new FutureTask<>(() -> sandbox.shell(silence));

      Thread.ofVirtual().start(virtual);
      Thread.ofPlatform().start(platform);

      Ran survived = new Ran(new CommandResult.Exited(0), "survived\n");
      assertThat(virtual.get(110, TimeUnit.SECONDS)).isEqualTo(survived);
      assertThat(platform.get(110, TimeUnit.SECONDS)).isEqualTo(survived);
    }
  }
}
