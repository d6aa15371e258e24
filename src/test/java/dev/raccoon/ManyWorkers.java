package dev.raccoon;

import dev.raccoon.catalog.FailureKind;
import dev.raccoon.catalog.Scenario;
import dev.raccoon.catalog.StoredLog;
import dev.raccoon.queue.Fleet;
import dev.raccoon.queue.Lease;
import dev.raccoon.queue.Node;
import dev.raccoon.queue.NodeStore;
import dev.raccoon.queue.QueueStore;
import dev.raccoon.queue.Worker;
import dev.raccoon.value.OtpVersion;
import dev.raccoon.value.Sha256;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A hundred nodes of one slot whose builds only take their time, on one database with 100,000
 * builds that wait: whatever they do not finish is lost to claiming and ending.
 */
final class ManyWorkers {
  private static final int WORKERS = 100;
  private static final Duration BUILD = Duration.ofSeconds(1);
  private static final Duration LEASE = Duration.ofSeconds(8);
  private static final Duration WARM_UP = Duration.ofSeconds(5);
  private static final StoredLog LOG = new StoredLog(new Sha256("ab".repeat(32)), 10);

  private static final List<String> WAITING =
      List.of(
          """
          insert into package (namespace, name, clone_url)
          select 'ns' || n % 100, 'p' || n, 'https://git.example.org/p' from generate_series(1, 10000) n
          """,
          """
          insert into request (id, package_id, clone_url, origin)
          select gen_random_uuid(), id, clone_url, 'API' from package
          """,
          """
          insert into build (id, request_id, package_id, asked_ref, asked_otp, ref, otp_major, priority)
          select gen_random_uuid(), r.id, r.package_id, 'w' || n, '25', 'w' || n, 25, n % 3
          from request r, generate_series(1, 10) n
          """,
          "insert into request_build (request_id, build_id) select request_id, id from build",
          "analyze");

  private ManyWorkers() {}

  /** How many builds ended in how many seconds. */
  record Result(int builds, double seconds) {
    @Override
    public String toString() {
      double each = builds / seconds;
      double possible = WORKERS / (BUILD.toMillis() / 1000.0);
      return "%d workers whose builds take %d s, 100,000 waiting: %.1f builds a second, %.0f %% of what is possible"
          .formatted(WORKERS, BUILD.toSeconds(), each, 100 * each / possible);
    }
  }

  static Result measure(int seconds) {
    try (Scenario scenario = new Scenario()) {
      WAITING.forEach(scenario::sql);
      AtomicInteger ended = new AtomicInteger();
      List<Worker> workers = new ArrayList<>();
      for (int i = 0; i < WORKERS; i++) {
        Worker worker = worker(scenario, ended);
        workers.add(worker);
        worker.start(lost -> {});
      }
      LockSupport.parkNanos(WARM_UP.toNanos());
      int before = ended.get();
      long start = System.nanoTime();
      LockSupport.parkNanos(Duration.ofSeconds(seconds).toNanos());
      Result result = new Result(ended.get() - before, (System.nanoTime() - start) / 1e9);
      workers.forEach(Worker::beginNothingMore);
      workers.forEach(Worker::close);
      return result;
    }
  }

  private static Worker worker(Scenario scenario, AtomicInteger ended) {
    UUID node = UUID.randomUUID();
    List<OtpVersion> otp = List.of(new OtpVersion("25.3"));
    Fleet fleet =
        new Fleet(
            new NodeStore(scenario.jdbi),
            () ->
                new Node.Announcement(
                    node, "simulated", "x86_64", "bench", 1, otp, Optional.empty()));
    return new Worker(
        new QueueStore(scenario.jdbi),
        fleet,
        new Worker.Terms(node, 1, LEASE, BUILD.multipliedBy(5)),
        () -> true,
        lease -> build(scenario, lease, ended));
  }

  private static void build(Scenario scenario, Lease lease, AtomicInteger ended) {
    LockSupport.parkNanos(BUILD.toNanos());
    scenario.leased.fail(lease, FailureKind.COMPILE, "It was simulated.", LOG);
    ended.incrementAndGet();
  }
}
