package dev.raccoon.queue;

import dev.raccoon.db.FullDisk;
import dev.raccoon.queue.QueueStore.Recovered;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's share of the queue: claims a build whenever a slot is free, runs it on a thread of its
 * own, and keeps its lease alive. A build whose lease was lost, or that outlives the grace of a
 * shutdown, is interrupted.
 */
public final class Worker implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Worker.class);
  private static final Duration POLL = Duration.ofSeconds(2);

  /** How long a node that is nearly full leaves a build to others. */
  private static final Duration HESITATION = Duration.ofMillis(100);

  /** How long nothing is begun after this machine could not go on with something. */
  static final Duration REST = Duration.ofSeconds(30);

  /** How long interrupted builds may take to clean up. */
  private static final Duration LAST_WAIT = Duration.ofSeconds(30);

  private final QueueStore queue;
  private final Fleet fleet;
  private final Terms terms;
  private final BooleanSupplier mayStart;
  private final Consumer<Lease> job;
  private final InstantSource clock;
  private final Semaphore slots;
  private final Semaphore wake = new Semaphore(0);
  private final RunningBuilds running = new RunningBuilds();
  private final ExecutorService builders;
  private final Heartbeat heartbeat;
  private final Thread dispatcher =
      Thread.ofPlatform().name("dispatcher").daemon().unstarted(this::dispatch);
  private volatile Instant restsUntil = Instant.MIN;
  private volatile boolean stopping;

  /**
   * The terms on which a node works.
   *
   * @param node this node's lasting id
   * @param slots how many builds run at once
   * @param lease how long a claim holds without a heartbeat
   * @param grace how long running builds may go on when the node stops
   */
  public record Terms(UUID node, int slots, Duration lease, Duration grace) {}

  /**
   * A worker of {@code fleet} that is not started yet.
   *
   * @param mayStart asked before each claim: whether this machine can take a build now
   * @param job runs one build to its end; an interrupt tells it to give the build up
   */
  public Worker(
      QueueStore queue, Fleet fleet, Terms terms, BooleanSupplier mayStart, Consumer<Lease> job) {
    this(
        queue,
        fleet,
        terms,
        mayStart,
        job,
        Thread.ofPlatform().name("build-", 1).factory(),
        InstantSource.system());
  }

  Worker(
      QueueStore queue,
      Fleet fleet,
      Terms terms,
      BooleanSupplier mayStart,
      Consumer<Lease> job,
      ThreadFactory threads,
      InstantSource clock) {
    this.queue = queue;
    this.fleet = fleet;
    this.terms = terms;
    this.mayStart = mayStart;
    this.job = job;
    this.clock = clock;
    this.slots = new Semaphore(terms.slots());
    this.builders = Executors.newCachedThreadPool(threads);
    this.heartbeat = new Heartbeat(queue, fleet, terms.node(), terms.lease(), running);
  }

  /** As below; nobody is told of lost builds. */
  void start() {
    start(recovered -> {});
  }

  /**
   * Puts back what an earlier life of this node left, makes it known, and begins to claim. {@code
   * lost} is told of builds that had lost their node.
   */
  public void start(Consumer<Recovered> lost) {
    heartbeat.start(lost);
    dispatcher.start();
  }

  /** Tells that a build may wait. */
  public void wake() {
    wake.release();
  }

  /** How many more builds could start here now. */
  public int freeSlots() {
    return terms.slots() - running.count();
  }

  /** Whether builds are claimed here, and those that run keep their leases. */
  public boolean works() {
    return dispatcher.isAlive() && heartbeat.goesOn();
  }

  private void dispatch() {
    try {
      while (!stopping) {
        slots.acquire();
        leaveSomeToOthers();
        Optional<Lease> claimed = claim();
        if (claimed.isPresent()) {
          begin(claimed.get());
        } else {
          slots.release();
          if (wake.tryAcquire(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
            wake.drainPermits();
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * The busier this node is, the longer it waits before it takes another build, so that nodes with
   * more room come first.
   */
  private void leaveSomeToOthers() throws InterruptedException {
    int busy = running.count();
    if (busy > 0 && fleet.hasOthers()) {
      Thread.sleep(HESITATION.multipliedBy(busy).dividedBy(terms.slots()));
    }
  }

  private Optional<Lease> claim() {
    try {
      boolean may = mayStart.getAsBoolean() && !clock.instant().isBefore(restsUntil);
      return may ? queue.claim(terms.node(), fleet.keys(), terms.lease()) : Optional.empty();
    } catch (RuntimeException | Error e) {
      if (FullDisk.causes(e)) {
        rest("No build begins", "the database's disk is full");
      } else {
        log.warn("The queue cannot be read; trying again: {}", e.toString());
      }
      return Optional.empty();
    }
  }

  /** Errors as well: a machine that has no thread to give now may have one later. */
  private void begin(Lease lease) throws InterruptedException {
    running.add(lease);
    try {
      builders.execute(() -> run(lease));
    } catch (RuntimeException | Error e) {
      log.error("Build {} cannot begin here; it goes back to the queue", lease.build(), e);
      running.remove(lease);
      slots.release();
      giveBack(lease);
      Thread.sleep(POLL);
    }
  }

  private void giveBack(Lease lease) {
    try {
      queue.release(lease);
    } catch (RuntimeException | Error e) {
      // It is beaten for no more, so that it is recovered when its lease ends.
      log.warn("Build {} waits for the end of its lease: {}", lease.build(), e.toString());
    }
  }

  private void run(Lease lease) {
    running.runsHere(lease);
    try {
      job.accept(lease);
    } catch (NotNowException e) {
      // First, or what is given back would be claimed at once.
      rest("Build " + lease.build() + " waits, and no other begins", e.getMessage());
      giveBack(lease);
    } catch (RuntimeException | Error e) {
      // It is beaten for no more, so that it is recovered when its lease ends.
      log.error("Build {} ended in an error of ours", lease.build(), e);
    } finally {
      running.remove(lease);
      slots.release();
    }
  }

  private void rest(String what, @Nullable String why) {
    restsUntil = clock.instant().plus(REST);
    log.warn("{} for {} s: {}", what, REST.toSeconds(), why);
  }

  /** Tells that a running build may have to be cancelled: if it runs here, it is stopped. */
  public void cancel() {
    heartbeat.cancel();
  }

  /** Begins nothing more; what runs goes on until {@link #close}. */
  public void beginNothingMore() {
    stopping = true;
    dispatcher.interrupt();
  }

  /**
   * Claims no more; waits for running builds for the grace, then interrupts them and waits for
   * their end.
   */
  @Override
  public void close() {
    beginNothingMore();
    try {
      // What it has just claimed must begin, or nobody would give it back.
      dispatcher.join();
      builders.shutdown();
      if (!builders.awaitTermination(terms.grace().toMillis(), TimeUnit.MILLISECONDS)) {
        log.info("{} builds go back to the queue", running.count());
        builders.shutdownNow();
        if (!builders.awaitTermination(LAST_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
          log.error("Builds did not end when they were interrupted");
        }
      }
    } catch (InterruptedException e) {
      builders.shutdownNow();
      Thread.currentThread().interrupt();
    }
    heartbeat.close();
  }
}
