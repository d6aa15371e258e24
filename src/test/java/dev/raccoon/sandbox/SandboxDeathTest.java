package dev.raccoon.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SandboxDeathTest {
  @TempDir Path folder;

  @Test
  void aKilledServerTakesItsSandboxesWithIt() throws Exception {
    TestSandbox.in(folder).close();
    String marker = "marker-" + UUID.randomUUID();
    String script = "trap '' TERM HUP; setsid sh -c 'sleep 600; :' " + marker + " & echo up; wait";
    Process server =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                ServerThatIsKilled.class.getName(),
                folder.resolve("other").toString(),
                script)
            .redirectErrorStream(true)
            .start();
    try (BufferedReader out = server.inputReader()) {
      assertThat(out.readLine()).isEqualTo("up");
      assertThat(TestSandbox.someProcessHas(marker)).isTrue();
    } finally {
      server.destroyForcibly().waitFor();
    }

    while (TestSandbox.someProcessHas(marker)) {
      Thread.onSpinWait();
    }
  }
}
