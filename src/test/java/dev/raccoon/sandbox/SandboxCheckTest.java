package dev.raccoon.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.raccoon.testing.Patience;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SandboxCheckTest {
  @TempDir Path folder;

  @Test
  void aSandboxThatDidNotWorkAtTheStartIsTriedAgain() throws Exception {
    Path real = Path.of("/usr/bin/bwrap");
    assumeTrue(Files.isExecutable(real), "there is no bwrap on this machine");
    Path bwrap = folder.resolve("bwrap");
    try (Sandbox sandbox =
            new Sandbox(
                folder.resolve("sandbox"),
                Sandbox.Mode.BUBBLEWRAP,
                TestGroups.none(),
                TestSandbox.LIMITS,
                Surroundings.NONE,
                bwrap.toString());
        SandboxCheck check = new SandboxCheck(sandbox, Duration.ofMillis(10))) {
      assertThat(check.trouble()).isPresent();

      Files.createSymbolicLink(bwrap, real);

      assertThat(
              Patience.await(
                  () -> check.trouble().isEmpty() ? Optional.of(true) : Optional.empty()))
          .isTrue();

      Files.delete(bwrap);
      assertThat(check.trouble()).as("nobody has looked").isEmpty();
      check.doubt();
      Patience.await(() -> check.trouble());
      Files.createSymbolicLink(bwrap, real);
      Patience.await(() -> check.trouble().isEmpty() ? Optional.of(true) : Optional.empty());
    }
  }
}
