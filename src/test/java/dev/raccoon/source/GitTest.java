package dev.raccoon.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GitTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "git version 2.37.0",
        "git version 2.39.5",
        "git version 2.50.1 (Apple Git-155)",
        "git version 3.0.0-rc1"
      })
  void aGitThatConnectsWhereItIsToldIsNewEnough(String printed) {
    assertThat(Git.isNewEnough(printed)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"git version 2.36.9", "git version 1.99.0", "git version", "", "2.40"})
  void anyOtherIsNot(String printed) {
    assertThat(Git.isNewEnough(printed)).isFalse();
  }

  @Test
  void aCommandHasLimitsOfMemoryAndFiles() throws Exception {
    // KiB, and blocks of 512 bytes.
    List<String> limits = List.of("-c", "alias.limits=!ulimit -v; ulimit -f", "limits");

    assertThat(new Git(folder).run(folder, Duration.ofMinutes(2), limits, line -> false))
        .isEqualTo(new Git.Result.Exited(0, "1048576\n8388608\n"));
  }

  @Test
  void theOneOfThisMachineIs() throws Exception {
    new Git(folder).requireVersion();
  }
}
