package dev.raccoon.retention;

import static dev.raccoon.catalog.Scenario.DEMO;
import static dev.raccoon.catalog.Scenario.tag;
import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.catalog.Scenario;
import dev.raccoon.testing.Patience;
import dev.raccoon.testing.SettableClock;
import dev.raccoon.value.BuildId;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LastDownloadsTest {
  private final Scenario scenario = new Scenario();
  private final SettableClock clock = new SettableClock();

  @AfterEach
  void close() {
    scenario.close();
  }

  private record Row(String version, LocalDate day) {}

  private Optional<Row> row(BuildId build) {
    return scenario.jdbi.withHandle(handle ->
        handle
            .createQuery(
                "select xmin::text || ctid::text as version, day from last_download where build_id = :id")
            .bind("id", build.uuid())
            .map((row, context) -> new Row(row.getString(1), row.getObject("day", LocalDate.class)))
            .findOne());
  }

  private LastDownloads every(Duration pause) {
    return new LastDownloads(new LastDownloadStore(scenario.jdbi), pause, clock);
  }

  @Test
  void aBuildIsWrittenDownOnceADayHoweverOftenItIsFetched() {
    BuildId build = scenario.good(DEMO, tag("1.0.0", 1, "25.3"));
    BuildId other = scenario.good(DEMO, tag("1.1.0", 2, "25.3"));
    LocalDate today = LocalDate.now(clock);
    try (LastDownloads downloads = every(Duration.ofMillis(5))) {
      downloads.note(build);
      Row first = Patience.await(() -> row(build));
      assertThat(first.day()).isEqualTo(today);

      downloads.note(build);
      downloads.note(other);
      Patience.await(() -> row(other));
      assertThat(row(build)).contains(first);

      clock.pass(Duration.ofDays(1));
      downloads.note(build);
      var _ = Patience.await(() -> row(build).filter(now -> now.day().equals(today.plusDays(1))));
    }
  }

  @Test
  void whatWasNotWrittenYetIsWhenItIsClosed() {
    BuildId build = scenario.good(DEMO, tag("1.0.0", 1, "25.3"));
    LastDownloads downloads = every(Duration.ofDays(1));
    downloads.note(build);
    assertThat(row(build)).isEmpty();
    downloads.close();
    assertThat(row(build)).isPresent();
  }
}
