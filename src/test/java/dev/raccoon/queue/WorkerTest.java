package dev.raccoon.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.catalog.BuildState;
import dev.raccoon.catalog.Scenario;
import dev.raccoon.queue.QueueStore.Recovered;
import dev.raccoon.testing.Patience;
import dev.raccoon.value.BuildId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class WorkerTest {
  private static final Duration LONG = Duration.ofMinutes(5);

  private final Scenario scenario = new Scenario();
  private final QueueStore queue = new QueueStore(scenario.jdbi);
  private final UUID node = UUID.randomUUID();
  private final Fleet fleet = Fleets.of(scenario.jdbi, node, "25.3");
  private final BlockingQueue<Lease> begun = new LinkedBlockingQueue<>();
  private final BlockingQueue<Lease> interrupted = new LinkedBlockingQueue<>();

  @AfterEach
  void close() {
    scenario.close();
  }

  @Test
  void noMoreBuildsRunAtOnceThanThereAreSlotsAndAFreedSlotTakesTheNext() throws Exception {
    queue(5);
    Semaphore finish = new Semaphore(0);
    AtomicInteger atOnce = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    Consumer<Lease> job =
        lease -> {
          most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
          begun.add(lease);
          finish.acquireUninterruptibly();
          atOnce.decrementAndGet();
        };
    try (Worker worker = worker(2, LONG, job)) {
      worker.start();
      next(begun);
      next(begun);
      assertThat(worker.freeSlots()).isZero();
      assertThat(Claims.depth(scenario.jdbi)).isEqualTo(new Claims.Depth(3, 2));

      finish.release(5);
      next(begun);
      next(begun);
      next(begun);
    }
    assertThat(most).hasValue(2);
  }

  @Test
  void aBuildThatCannotGoOnHereGoesBackUnharmedAndTheWorkerRests() throws Exception {
    BuildId build = scenario.queued("1.0.0");
    AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    Semaphore looks = new Semaphore(0);
    BooleanSupplier mayStart =
        () -> {
          looks.release();
          return true;
        };
    Consumer<Lease> job =
        lease -> {
          begun.add(lease);
          throw new NotNowException("the disk is full");
        };
    try (Worker worker =
        new Worker(queue, fleet, terms(1, LONG, LONG), mayStart, job, Thread::new, now::get)) {
      worker.start();
      next(begun);
      var _ =
          Patience.await(() ->
              Optional.of(scenario.find(build))
                  .filter(found -> found.state() == BuildState.QUEUED));
      assertThat(scenario.find(build).attempt()).isZero();
      looks.drainPermits();
      for (int i = 0; i < 3; i++) {
        worker.wake();
        looks.acquire();
      }
      assertThat(begun).isEmpty();

      now.updateAndGet(time -> time.plus(Worker.REST));
      worker.wake();
      next(begun);
    }
  }

  @Test
  void whereTheDatabasesDiskIsFullItRestsInsteadOfAskingAgainAndAgain() throws Exception {
    var _ = scenario.queued("1.0.0");
    scenario.sql(
        """
        create function full_disk() returns trigger language plpgsql as
        $$ begin raise exception 'could not extend file' using errcode = '53100'; end $$
        """);
    scenario.sql(
        "create trigger full_disk before update on build for each row execute function full_disk()");
    AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    Semaphore looks = new Semaphore(0);
    BooleanSupplier mayStart =
        () -> {
          looks.release();
          return true;
        };
    try (Worker worker =
        new Worker(
            queue, fleet, terms(1, LONG, LONG), mayStart, begun::add, Thread::new, now::get)) {
      worker.start();
      worker.wake();
      looks.acquire(2);
      scenario.sql("drop trigger full_disk on build");
      for (int i = 0; i < 3; i++) {
        worker.wake();
        looks.acquire();
      }
      assertThat(begun).isEmpty();

      now.updateAndGet(time -> time.plus(Worker.REST));
      worker.wake();
      next(begun);
    }
  }

  @Test
  void anIdleWorkerThatIsWokenClaimsWithoutWaitingForItsNextLook() throws Exception {
    CountDownLatch looked = new CountDownLatch(1);
    BooleanSupplier mayStart =
        () -> {
          looked.countDown();
          return true;
        };
    try (Worker worker = new Worker(queue, fleet, terms(1, LONG, LONG), mayStart, begun::add)) {
      worker.start();
      looked.await();
      // By its own looks alone it would take longer than this test may.
      for (int i = 0; i < 100; i++) {
        BuildId build = scenario.queued("1.0." + i);
        worker.wake();
        assertThat(next(begun).build()).isEqualTo(build);
      }
    }
  }

  @Test
  void aJobThatThrowsFreesItsSlotAndItsLeaseIsBeatenForNoMore() throws Exception {
    queue(2);
    Consumer<Lease> job =
        lease -> {
          begun.add(lease);
          throw new IllegalStateException("a bug in the job");
        };
    try (Worker worker = worker(1, LONG, job)) {
      worker.start();
      Lease first = next(begun);
      assertThat(next(begun).build()).isNotEqualTo(first.build());
    }
    scenario.sql("update build set lease_until = now() - interval '1 s'");
    assertThat(queue.recoverExpired()).isEqualTo(new Recovered(2, 0));
  }

  @Test
  void aMachineWithoutAThreadToGivePutsTheBuildBackAndRunsItLater() throws Exception {
    queue(1);
    AtomicInteger asked = new AtomicInteger();
    ThreadFactory scarce =
        job -> {
          if (asked.getAndIncrement() == 0) {
            throw new OutOfMemoryError("unable to create native thread");
          }
          return new Thread(job);
        };
    try (Worker worker =
        new Worker(
            queue,
            fleet,
            terms(1, LONG, LONG),
            () -> true,
            begun::add,
            scarce,
            InstantSource.system())) {
      worker.start();
      Lease lease = next(begun);

      assertThat(scenario.find(lease.build()).attempt()).isEqualTo(1);
      assertThat(worker.works()).isTrue();
    }
  }

  @Test
  void anErrorWhereTheWorkerAsksEndsNeitherItsClaimsNorItsHeartbeats() throws Exception {
    queue(1);
    AtomicInteger asked = new AtomicInteger();
    BooleanSupplier mayStart =
        () -> {
          if (asked.getAndIncrement() == 0) {
            throw new AssertionError("a bug");
          }
          return true;
        };
    Worker worker = new Worker(queue, fleet, terms(1, LONG, LONG), mayStart, begun::add);
    assertThat(worker.works()).isFalse();
    try (worker) {
      worker.start();
      next(begun);
      assertThat(worker.works()).isTrue();
    }
    assertThat(worker.works()).isFalse();
  }

  @Test
  void whatAnEarlierLifeOfTheNodeLeftRunsAgainFirst() throws Exception {
    BuildId left = scenario.queued("1.0.0");
    queue.claim(node, Claims.ANYTHING, LONG);
    try (Worker worker = worker(1, LONG, begun::add)) {
      worker.start();
      assertThat(next(begun).build()).isEqualTo(left);
    }
  }

  @Test
  void aMachineThatMayNotStartBuildsClaimsNoneUntilItMay() throws Exception {
    queue(1);
    AtomicBoolean may = new AtomicBoolean();
    Semaphore asked = new Semaphore(0);
    BooleanSupplier mayStart =
        () -> {
          asked.release();
          return may.get();
        };
    try (Worker worker = new Worker(queue, fleet, terms(1, LONG, LONG), mayStart, begun::add)) {
      worker.start();
      asked.acquire();
      worker.wake();
      asked.acquire();
      assertThat(begun).isEmpty();
      assertThat(Claims.depth(scenario.jdbi)).isEqualTo(new Claims.Depth(1, 0));

      may.set(true);
      worker.wake();
      next(begun);
    }
  }

  @Test
  void closingWaitsForARunningBuildWithinTheGraceAndClaimsNoOther() throws Exception {
    queue(2);
    CountDownLatch finish = new CountDownLatch(1);
    AtomicBoolean ended = new AtomicBoolean();
    Consumer<Lease> job =
        lease -> {
          begun.add(lease);
          awaitOrNote(finish, lease);
          ended.set(true);
        };
    Worker worker = worker(1, LONG, job);
    worker.start();
    next(begun);

    Thread closer = Thread.ofPlatform().start(worker::close);
    // It claims nothing while it is being closed, whoever wakes it.
    awaitState(closer, Thread.State.TIMED_WAITING);
    worker.wake();
    assertThat(ended).isFalse();
    finish.countDown();
    closer.join();

    assertThat(ended).isTrue();
    assertThat(interrupted).isEmpty();
    assertThat(Claims.depth(scenario.jdbi).waiting()).isEqualTo(1);
  }

  @Test
  void beforeItIsClosedItCanBeToldToBeginNothingMore() throws Exception {
    CountDownLatch finish = new CountDownLatch(1);
    Consumer<Lease> job =
        lease -> {
          begun.add(lease);
          awaitOrNote(finish, lease);
        };
    try (Worker worker = worker(2, LONG, job)) {
      worker.start();
      queue(1);
      worker.wake();
      next(begun);

      worker.beginNothingMore();
      Patience.await(() -> worker.works() ? Optional.empty() : Optional.of(true));
      var _ = scenario.queued("2.0.0");
      worker.wake();
      assertThat(interrupted).isEmpty();
      finish.countDown();
    }
    assertThat(begun).isEmpty();
    assertThat(Claims.depth(scenario.jdbi).waiting()).isEqualTo(1);
  }

  @Test
  void closingInterruptsABuildThatOutlivesTheGraceAndWaitsForItsEnd() throws Exception {
    queue(1);
    CountDownLatch never = new CountDownLatch(1);
    Consumer<Lease> job =
        lease -> {
          begun.add(lease);
          awaitOrNote(never, lease);
          queue.release(lease);
        };
    Worker worker = new Worker(queue, fleet, terms(1, LONG, Duration.ofMillis(1)), () -> true, job);
    worker.start();
    Lease lease = next(begun);

    worker.close();

    assertThat(interrupted).containsExactly(lease);
    assertThat(scenario.find(lease.build()).state()).isEqualTo(BuildState.QUEUED);
    assertThat(scenario.find(lease.build()).attempt()).isZero();
  }

  @Test
  void aWorkerThatNeverStartedCloses() {
    worker(1, LONG, begun::add).close();

    assertThat(begun).isEmpty();
  }

  @Test
  void aBuildWhoseLeaseIsLostIsInterruptedAndItsSlotIsFree() throws Exception {
    queue(1);
    CountDownLatch never = new CountDownLatch(1);
    Consumer<Lease> job =
        lease -> {
          begun.add(lease);
          awaitOrNote(never, lease);
        };
    Duration shortLease = Duration.ofMillis(200);
    try (Worker worker = worker(1, shortLease, job)) {
      worker.start();
      Lease lease = next(begun);
      scenario.sql(
          """
          update build set state = 'QUEUED', lease = null, lease_until = null,
              not_before = now() + interval '1 h'
          """);

      assertThat(next(interrupted)).isEqualTo(lease);

      BuildId other = scenario.queued("2.0.0");
      worker.wake();
      assertThat(next(begun).build()).isEqualTo(other);
      never.countDown();
    }
  }

  @Test
  void heartbeatsKeepABuildThatRunsForLongerThanItsLease() throws Exception {
    queue(1);
    CountDownLatch finish = new CountDownLatch(1);
    Duration shortLease = Duration.ofSeconds(2);
    try (Worker worker =
        worker(
            1,
            shortLease,
            lease -> {
              begun.add(lease);
              awaitOrNote(finish, lease);
            })) {
      worker.start();
      Lease lease = next(begun);
      String end = leaseEnd();
      while (leaseEnd().equals(end)) {
        Thread.onSpinWait();
      }
      assertThat(interrupted).isEmpty();
      assertThat(scenario.find(lease.build()).attempt()).isEqualTo(1);
      finish.countDown();
    }
  }

  @Test
  void anOutageOfTheDatabaseIsOutlived() throws Exception {
    Semaphore asked = new Semaphore(0);
    BooleanSupplier mayStart =
        () -> {
          asked.release();
          return true;
        };
    try (Worker worker = new Worker(queue, fleet, terms(1, LONG, LONG), mayStart, begun::add)) {
      worker.start();
      asked.acquire();
      // Every claim fails while the table has another name.
      scenario.sql("alter table build rename to build_away");
      asked.drainPermits();
      worker.wake();
      asked.acquire();
      worker.wake();
      asked.acquire();
      scenario.sql("alter table build_away rename to build");
      BuildId build = scenario.queued("1.0.0");
      worker.wake();

      assertThat(next(begun).build()).isEqualTo(build);
    }
  }

  private Worker worker(int slots, Duration lease, Consumer<Lease> job) {
    return new Worker(queue, fleet, terms(slots, lease, LONG), () -> true, job);
  }

  private Worker.Terms terms(int slots, Duration lease, Duration grace) {
    return new Worker.Terms(node, slots, lease, grace);
  }

  private void queue(int builds) {
    for (int i = 0; i < builds; i++) {
      scenario.queued("1.0." + i);
    }
  }

  private void awaitOrNote(CountDownLatch latch, Lease lease) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      interrupted.add(lease);
      Thread.currentThread().interrupt();
    }
  }

  private String leaseEnd() {
    return scenario.jdbi.withHandle(
        handle -> handle.select("select lease_until::text from build").mapTo(String.class).one());
  }

  private static void awaitState(Thread thread, Thread.State state) {
    while (thread.getState() != state) {
      Thread.onSpinWait();
    }
  }

  private static Lease next(BlockingQueue<Lease> leases) throws InterruptedException {
    Lease lease = leases.poll(60, TimeUnit.SECONDS);
    assertThat(lease).isNotNull();
    return lease;
  }
}
