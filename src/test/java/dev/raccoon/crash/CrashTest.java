package dev.raccoon.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A few rounds of {@code bench/crash}. */
class CrashTest {
  private static final long SEED = 20260731;

  @TempDir Path folder;

  @Test
  void whateverDiesNothingIsLostDoubledOrCorrupt() throws Exception {
    assumeTrue(
        !System.getProperty("user.name").equals("root"),
        "the embedded PostgreSQL refuses root: run it as an ordinary user");
    ByteArrayOutputStream told = new ByteArrayOutputStream();
    CrashRounds rounds = new CrashRounds(SEED, new PrintStream(told, true, StandardCharsets.UTF_8));

    CrashRounds.Verdict verdict = rounds.run(folder, 5);

    String all = told.toString(StandardCharsets.UTF_8) + verdict;
    assertThat(verdict.requests()).as(all).isPositive();
    assertThat(verdict.lost()).as(all).isEmpty();
    assertThat(verdict.doubled()).as(all).isEmpty();
    assertThat(verdict.corrupt()).as(all).isEmpty();
    assertThat(verdict.left()).as(all).isEmpty();
  }
}
