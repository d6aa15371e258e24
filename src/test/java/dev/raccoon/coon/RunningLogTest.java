package dev.raccoon.coon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.catalog.Scenario;
import dev.raccoon.queue.Lease;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RunningLogTest {
  private final Scenario scenario = new Scenario();
  private Lease lease;
  private String printed = "";

  @BeforeEach
  void print() {
    scenario.queued("1.0.0");
    lease = scenario.claim();
    for (int i = 0; i < 50; i++) {
      String piece = "piece " + i + "\n";
      scenario.logs.append(lease, printed.length(), piece.getBytes(UTF_8));
      printed += piece;
    }
  }

  @AfterEach
  void close() {
    scenario.close();
  }

  @Test
  void itIsReadWholeAFewPiecesAtATime() throws IOException {
    assertThat(scenario.logs.length(lease.build())).isEqualTo(printed.length());
    assertThat(scenario.logs.pieces(lease.build(), 0)).hasSize(16);
    try (RunningLog log =
        new RunningLog(scenario.logs, lease.build(), Long.MAX_VALUE, () -> Optional.empty())) {
      assertThat(log.readAllBytes()).asString(UTF_8).isEqualTo(printed);
    }
  }

  @Test
  void aPieceThatHasGrownIsNotReadTwice() throws IOException {
    try (RunningLog log =
        new RunningLog(scenario.logs, lease.build(), Long.MAX_VALUE, () -> Optional.empty())) {
      byte[] before = log.readNBytes(printed.length());
      String last = "piece 49\n";
      scenario.logs.append(
          lease, printed.length() - last.length(), (last + "more").getBytes(UTF_8));
      assertThat(before).asString(UTF_8).isEqualTo(printed);
      assertThat(log.readAllBytes()).asString(UTF_8).isEqualTo("more");
    }
  }

  @Test
  void whereTheBuildEndsMeanwhileTheKeptLogIsReadOn() throws IOException {
    String kept = printed + "==> Succeeded.\n";
    try (RunningLog log =
        new RunningLog(
            scenario.logs,
            lease.build(),
            Long.MAX_VALUE,
            () -> Optional.of(new ByteArrayInputStream(kept.getBytes(UTF_8))))) {
      String begin = new String(log.readNBytes(20), UTF_8);
      scenario.sql("delete from log_chunk");
      assertThat(begin + new String(log.readAllBytes(), UTF_8)).isEqualTo(kept);
    }
  }

  @Test
  void whereNothingIsKeptOfItItEnds() throws IOException {
    try (RunningLog log =
        new RunningLog(scenario.logs, lease.build(), Long.MAX_VALUE, () -> Optional.empty())) {
      assertThat(log.read()).isEqualTo('p');
      scenario.sql("delete from log_chunk");
      assertThat(log.readAllBytes()).hasSizeLessThan(printed.length());
    }
  }
}
