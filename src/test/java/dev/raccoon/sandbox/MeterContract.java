package dev.raccoon.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.testing.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every meter tells of a real program. Its programs wait for input, which never comes. */
@Timeout(120)
abstract class MeterContract {
  private static final long MIB = 1024 * 1024;

  /** A started program, ended by closing this, and what measures it. */
  record Metered(Process process, Meter meter) implements AutoCloseable {
    @Override
    public void close() {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().onExit().join();
    }
  }

  abstract Metered start(String... command) throws IOException;

  @Test
  void memoryThatAProgramFillsIsItsUse() throws Exception {
    try (Metered program = start("perl", "-e", "my $n = 50 << 20; my $x = 'x' x $n; <STDIN>")) {
      Usage seen = await(program.meter(), usage -> usage.memoryBytes() >= 50 * MIB);

      assertThat(seen.memoryBytes()).isLessThan(150 * MIB);
    }
  }

  @Test
  void allChildrenAreCounted() throws Exception {
    try (Metered program =
        start(
            "perl", "-e", "for (1..20) { if (!fork) { <STDIN>; exit } } <STDIN>; wait for 1..20")) {
      Usage seen = await(program.meter(), usage -> usage.processes() >= 21);

      assertThat(seen.processes()).isEqualTo(21);
    }
  }

  @Test
  void threadsCountAsProcesses() throws Exception {
    try (Metered program =
        start("erl", "+A", "30", "-noshell", "-eval", "io:get_line([]), halt().")) {
      Usage seen = await(program.meter(), usage -> usage.processes() > 30);

      assertThat(seen.processes()).isLessThan(500);
    }
  }

  @Test
  void aProgramThatHasEndedUsesNothing() throws Exception {
    Metered program = start("perl", "-e", "if (!fork) { <STDIN>; exit } <STDIN>; wait");
    await(program.meter(), usage -> usage.processes() == 2);
    program.close();

    Usage seen = await(program.meter(), usage -> usage.processes() == 0);

    assertThat(seen.memoryBytes()).isLessThan(MIB);
  }

  private static Usage await(Meter meter, Predicate<Usage> wanted) {
    return Patience.await(() -> {
      try {
        return Optional.of(meter.sample()).filter(wanted);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
  }
}
