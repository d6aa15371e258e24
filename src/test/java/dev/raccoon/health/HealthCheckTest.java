package dev.raccoon.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.access.Caller;
import dev.raccoon.artifact.ArtifactStore;
import dev.raccoon.artifact.Blob;
import dev.raccoon.artifact.Stored;
import dev.raccoon.db.TestDatabase;
import dev.raccoon.http.Answer;
import dev.raccoon.http.Exchange;
import dev.raccoon.toolchain.OtpInstallations;
import dev.raccoon.toolchain.OtpSearch;
import dev.raccoon.value.Sha256;
import io.vertx.core.MultiMap;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When the parts are looked at, by a clock that the test sets. */
class HealthCheckTest {
  @TempDir Path folder;
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
  private final CountingStore store = new CountingStore();
  private boolean worker = true;

  @Test
  void aFloodLooksAtThePartsOnce() throws Exception {
    try (TestDatabase database = TestDatabase.fresh()) {
      HealthCheck health = health(database);
      for (int i = 0; i < 1_000; i++) {
        assertThat(body(health)).contains("\"artifact_store\":{\"");
      }
      assertThat(store.checks).isEqualTo(1);
      now.updateAndGet(time -> time.plus(Duration.ofSeconds(2)));
      body(health);
      assertThat(store.checks).isEqualTo(2);
    }
  }

  @Test
  void aStoreThatCannotBeWrittenIsDownAndUpAgainLater() throws Exception {
    try (TestDatabase database = TestDatabase.fresh()) {
      HealthCheck health = health(database);
      store.broken = true;
      assertThat(body(health))
          .isEqualTo(
              "{\"result\":false,\"response\":\"The server cannot work: artifact_store cannot be written.\"}\n");
      store.broken = false;
      now.updateAndGet(time -> time.plus(Duration.ofSeconds(2)));
      assertThat(body(health)).startsWith("{\"result\":true");
    }
  }

  @Test
  void aWorkerThatHasStoppedIsSaidAndTheServerServesOn() throws Exception {
    try (TestDatabase database = TestDatabase.fresh()) {
      HealthCheck health = health(database);
      worker = false;
      assertThat(body(health))
          .startsWith("{\"result\":true")
          .contains("\"status\":\"DEGRADED\"", "stopped: restart the server");
    }
  }

  private HealthCheck health(TestDatabase database) {
    OtpInstallations none =
        OtpInstallations.scan(new OtpSearch(List.of(), List.of(), List.of(), Optional.empty()));
    InstantSource source = now::get;
    Clock clock = source.withZone(ZoneOffset.UTC);
    return new HealthCheck(
        new HealthCheck.Vital(database.database(), store, new DiskSpace(folder, 1), () -> worker),
        Optional.of(
            new HealthCheck.Building(
                Optional::empty,
                () -> true,
                () -> none,
                new HealthCheck.Tools(() -> false, () -> "no rebar3"))),
        () -> 1,
        clock);
  }

  private static String body(HealthCheck health) throws Exception {
    Exchange exchange =
        new Exchange(
            new Exchange.Target("GET", "/health", Map.of(), Map.of()),
            MultiMap.caseInsensitiveMultiMap(),
            new byte[0],
            "127.0.0.1",
            Caller.ANONYMOUS);
    Answer answer = health.routes(true).getFirst().endpoint().answer(exchange);
    return new String(((Answer.Bytes) answer).body(), StandardCharsets.UTF_8);
  }

  /** A store whose disk can be broken. */
  private static final class CountingStore implements ArtifactStore {
    private int checks;
    private boolean broken;

    @Override
    public void check() throws IOException {
      checks++;
      if (broken) {
        throw new IOException("No space left on device");
      }
    }

    @Override
    public Stored put(InputStream bytes) throws IOException {
      throw new IOException("nothing is put here");
    }

    @Override
    public Optional<Blob> open(Sha256 digest) {
      return Optional.empty();
    }

    @Override
    public OptionalLong size(Sha256 digest) {
      return OptionalLong.empty();
    }

    @Override
    public Condition verify(Sha256 digest) {
      return Condition.MISSING;
    }

    @Override
    public List<Kept> list(Optional<Sha256> after, int most) {
      return List.of();
    }

    @Override
    public boolean remove(Sha256 digest, Instant putBefore) {
      return false;
    }
  }
}
