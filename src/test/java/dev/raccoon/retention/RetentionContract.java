package dev.raccoon.retention;

import static dev.raccoon.catalog.Scenario.DEMO;
import static dev.raccoon.catalog.Scenario.tag;
import static dev.raccoon.catalog.Scenario.wanted;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raccoon.artifact.ArtifactStore;
import dev.raccoon.catalog.Build;
import dev.raccoon.catalog.BuildState;
import dev.raccoon.catalog.Page;
import dev.raccoon.catalog.Recorded;
import dev.raccoon.catalog.RequestStore.NewRequest;
import dev.raccoon.catalog.SearchStore;
import dev.raccoon.catalog.Wanted;
import dev.raccoon.config.RetentionRules;
import dev.raccoon.queue.Lease;
import dev.raccoon.testing.Patience;
import dev.raccoon.value.BuildId;
import dev.raccoon.value.Namespaces;
import dev.raccoon.value.Sha256;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the records and the bytes of builds that no rule keeps, whatever the store. */
abstract class RetentionContract {
  private static final RetentionRules MONTH = new RetentionRules(30, 0, 0, 0);

  @TempDir Path folder;
  private OldBuilds old;

  /** A catalogue without builds, whose empty store lies in {@code folder}, if in any. */
  abstract OldBuilds oldBuilds(Path folder) throws IOException;

  @BeforeEach
  void open() throws IOException {
    old = oldBuilds(folder);
  }

  @AfterEach
  void close() {
    old.close();
  }

  private BuildId good(int daysAgo, String text) throws IOException {
    return old.good(tag("1.0.0", 1, "25.3"), daysAgo, text);
  }

  @Test
  void theBytesGoAndTheRecordSaysSo() throws IOException {
    BuildId first = good(300, "first");
    BuildId second = good(100, "second");
    BuildId failed = old.failed("1.0.0", 90);
    Set<Sha256> stays = old.bytesOf(second);

    assertThat(old.remove(MONTH)).containsExactly(first, failed);

    Build record = old.scenario.find(first);
    assertThat(record.state()).isEqualTo(BuildState.SUCCEEDED);
    assertThat(record.removedAt()).isPresent();
    assertThat(record.log()).isEmpty();
    assertThat(record.message()).contains("removed by this server's rules", "/rebuild");
    assertThat(old.scenario.builds.artifacts(first, Namespaces.ALL)).isEmpty();
    assertThat(old.scenario.find(failed).message()).isEqualTo("No such tag.");
    assertThat(old.scenario.find(failed).removedAt()).isPresent();
    assertThat(old.kept()).isEqualTo(stays).isEqualTo(old.named());
    assertThat(old.remove(MONTH)).isEmpty();
    SearchStore.Available asked = new SearchStore.Available(DEMO, List.of(), Namespaces.ALL);
    assertThat(
            new SearchStore(old.scenario.jdbi)
                .available(asked, new Page.Request(10, Optional.empty()))
                .rows())
        .singleElement()
        .satisfies(row -> assertThat(row.id()).isEqualTo(second));
  }

  @Test
  void bytesThatAnotherBuildHasAsWellStay() throws IOException {
    good(300, "the same");
    BuildId second = good(100, "the same");
    old.remove(MONTH);
    assertThat(old.kept()).isEqualTo(old.bytesOf(second)).hasSize(2);
    assertThat(old.records.removals(Optional.empty(), 10)).isEmpty();
  }

  @Test
  void bytesThatWerePutSinceABuildBeganThatRunsGoLater() throws IOException {
    BuildId first = good(300, "first");
    good(100, "second");
    old.scenario.queued("2.0.0");
    Lease running = old.scenario.claim();
    old.scenario.sql(
        "update build set started_at = now() - interval '400 days' where id = ?",
        running.build().uuid());
    Set<Sha256> bytes = old.bytesOf(first);
    assertThat(old.remove(MONTH)).containsExactly(first);
    assertThat(old.kept()).containsAll(bytes);

    old.succeed(running, "third", "2.0.0");
    assertThat(old.remove(MONTH)).isEmpty();
    assertThat(old.kept()).doesNotContainAnyElementsOf(bytes).isEqualTo(old.named());
  }

  @Test
  void whoeverDiesAtAnyRemovalLeavesNoRecordWithoutItsBytesAndTheNextRunFindsTheRest()
      throws IOException {
    for (int i = 0; i < 4; i++) {
      good(300 - i, "package " + i);
    }
    old.retention(MONTH).retire(each -> {});
    int failures = 0;
    for (int point = 0; point < 100; point++) {
      if (sweeps(point)) {
        break;
      }
      failures++;
      assertThat(old.kept()).containsAll(old.named());
    }
    assertThat(failures).isGreaterThan(3);
    assertThat(old.kept()).isEqualTo(old.named()).hasSize(2);
    assertThat(old.records.removals(Optional.empty(), 10)).isEmpty();
  }

  /**
   * Whether a run came to its end whose process dies at that point: before, or just after, a
   * removal.
   */
  private boolean sweeps(int point) throws IOException {
    AtomicInteger removal = new AtomicInteger();
    ArtifactStore dying =
        new FailingStore(old.store) {
          @Override
          void before(Sha256 digest) throws IOException {
            dieAt(0);
          }

          @Override
          void after(Sha256 digest) throws IOException {
            dieAt(1);
            removal.incrementAndGet();
          }

          private void dieAt(int when) throws IOException {
            if (point % 2 == when && removal.get() == point / 2) {
              throw new IOException("killed");
            }
          }
        };
    try {
      var _ = old.retention(MONTH).sweep(dying);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void whoeverDiesBetweenTwoPackagesLeavesWholeRecords() throws IOException {
    good(300, "first");
    good(100, "second");
    assertThatThrownBy(() ->
            old.retention(MONTH)
                .retire(each -> {
                  throw new IllegalStateException("killed");
                }))
        .hasMessage("killed");
    assertThat(old.kept()).containsAll(old.named()).hasSize(4);
    assertThat(old.remove(MONTH)).isEmpty();
    assertThat(old.kept()).isEqualTo(old.named()).hasSize(2);
  }

  @Test
  void aBuildThatPutsTheSameBytesBetweenTheLookAndTheRemovalKeepsThem() throws IOException {
    good(300, "the same");
    good(100, "another");
    old.scenario.queued("2.0.0");
    Lease running = old.scenario.claim();
    old.retention(MONTH).retire(each -> {});
    ArtifactStore racing =
        new FailingStore(old.store) {
          private boolean done;

          @Override
          void before(Sha256 digest) throws IOException {
            if (!done) {
              done = true;
              old.succeed(running, "the same", "2.0.0");
            }
          }
        };
    var _ = old.retention(MONTH).sweep(racing);
    assertThat(old.kept()).containsAll(old.named());
    assertThat(old.bytesOf(running.build())).hasSize(2);
  }

  @Test
  void buildsAndRetentionAtOnceNeverLoseWhatARecordNames() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      for (int round = 0; round < 20; round++) {
        BuildId first = good(300, "the same");
        good(100, "another");
        Sha256 bytes = Sha256.of("the same".getBytes(UTF_8));
        old.putAt(bytes, Instant.now().minus(Duration.ofDays(300)));
        CyclicBarrier start = new CyclicBarrier(2);
        Future<?> retention =
            threads.submit(() -> {
              start.await();
              return old.remove(MONTH);
            });
        Future<?> build =
            threads.submit(() -> {
              start.await();
              return old.good(tag("2.0.0", 2, "25.3"), 0, "the same");
            });
        retention.get();
        build.get();
        assertThat(old.scenario.find(first).removedAt()).isPresent();
        assertThat(old.kept()).containsAll(old.named()).contains(bytes);
        old.scenario.sql("delete from artifact where digest = ?", bytes.hex());
      }
    }
  }

  @Test
  void aRequestThatHadFoundARemovedBuildGetsANewOne() throws IOException {
    BuildId first = good(300, "first");
    good(100, "second");
    old.remove(MONTH);
    Wanted wanted = wanted("1.0.0", "25.3");
    Recorded recorded =
        old.scenario.requests.record(
            new NewRequest(
                DEMO,
                old.scenario.find(first).cloneUrl(),
                Build.Origin.API,
                List.of(new Wanted.OrBuilt(wanted, Optional.of(first), Optional.empty()))));
    BuildId answer = ((Recorded.Accepted) recorded).builds().getFirst();
    assertThat(answer).isNotEqualTo(first);
    assertThat(old.scenario.find(answer).state()).isEqualTo(BuildState.QUEUED);
  }

  @Test
  void noBuildComesToStandForARemovedOne() throws IOException {
    BuildId first = good(300, "first");
    good(100, "second");
    old.scenario.queued("1.0.0");
    Lease lease = old.scenario.claim();
    old.scenario.resolutions.resolve(lease, tag("1.0.0", 1, "25.3"));
    old.remove(MONTH);
    assertThat(old.scenario.leased.succeedAs(lease, first, old.log(lease.build()))).isFalse();
    assertThat(old.scenario.find(lease.build()).state()).isEqualTo(BuildState.RUNNING);
  }

  @Test
  void aLogThatLiesInTheDatabaseGoesToo() throws IOException {
    BuildId failed = old.failed("1.0.0", 90);
    old.scenario.sql(
        "update build set log_digest = null, log_size = null where id = ?", failed.uuid());
    old.scenario.sql("insert into log_chunk values (?, 0, 'text')", failed.uuid());
    assertThat(old.remove(MONTH)).containsExactly(failed);
    assertThat(old.scenario.logs.length(failed)).isZero();
  }

  @Test
  void ofTwoNodesOneDoesTheDailyRun() throws IOException {
    BuildId first = good(300, "first");
    good(100, "second");
    Set<Sha256> bytes = old.bytesOf(first);
    Duration pause = Duration.ofMillis(5);
    Retention retention = old.retention(MONTH);
    try (DailyRetention one = new DailyRetention(old.records, retention, old.store, pause);
        DailyRetention two = new DailyRetention(old.records, retention, old.store, pause)) {
      var _ =
          Patience.await(() -> {
            try {
              return Optional.of(old.kept()).filter(kept -> !new HashSet<>(kept).removeAll(bytes));
            } catch (IOException e) {
              throw new AssertionError(e);
            }
          });
      assertThat(old.records.takeTurn()).isFalse();
      assertThat(one).isNotSameAs(two);
    }
    old.scenario.sql("update retention_turn set due_at = now()");
    assertThat(old.records.takeTurn()).isTrue();
    assertThat(old.records.takeTurn()).isFalse();
    old.records.giveTurnBack();
    old.scenario.sql("update retention_turn set due_at = due_at - interval '1 hour'");
    assertThat(old.records.takeTurn()).isTrue();
  }
}
