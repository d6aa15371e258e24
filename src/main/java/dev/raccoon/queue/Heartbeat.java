package dev.raccoon.queue;

import dev.raccoon.queue.QueueStore.Recovered;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's signs of life: it says what it has, keeps the leases of its builds, stops those that are
 * lost or cancelled, and puts back what any node has left. Thread-safe.
 */
final class Heartbeat implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Heartbeat.class);

  /** How often a node beats while a lease holds, and while it counts as up without a beat. */
  private static final int BEATS = 4;

  private final QueueStore queue;
  private final Fleet fleet;
  private final UUID node;
  private final Duration lease;
  private final RunningBuilds running;
  private final ScheduledExecutorService heart =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("heartbeat").daemon().factory());
  private volatile @Nullable ScheduledFuture<?> beats;

  /** Of {@code node}, which has {@code running}, each for {@code lease} from its last beat. */
  Heartbeat(QueueStore queue, Fleet fleet, UUID node, Duration lease, RunningBuilds running) {
    this.queue = queue;
    this.fleet = fleet;
    this.node = node;
    this.lease = lease;
    this.running = running;
  }

  /**
   * Puts back what an earlier life of this node left, makes it known, and begins to beat. {@code
   * lost} is told of builds that had lost their node.
   */
  void start(Consumer<Recovered> lost) {
    Recovered left = queue.recoverOwn(node);
    lost.accept(left);
    fleet.beat(true);
    if (left.again() + left.givenUp() > 0) {
      log.info(
          "Of the builds that an earlier run left unfinished, {} run again and {} have failed",
          left.again(),
          left.givenUp());
    }
    long beat = Math.min(lease.toMillis(), NodeStore.UP.toMillis()) / BEATS;
    beats = heart.scheduleWithFixedDelay(() -> beat(lost), beat, beat, TimeUnit.MILLISECONDS);
  }

  /** Whether those that run keep their leases. */
  boolean goesOn() {
    ScheduledFuture<?> heartbeat = beats;
    return heartbeat != null && !heartbeat.isDone();
  }

  private void beat(Consumer<Recovered> told) {
    try {
      List<UUID> mine = running.leases();
      if (!mine.isEmpty()) {
        List<UUID> held = queue.heartbeat(mine, lease);
        running.interruptLost(mine, held, id -> queue.hasEnded(id, node));
        running.interrupt(queue.toCancel(mine));
      }
      fleet.beat(false);
      Recovered lost = queue.recoverExpired();
      told.accept(lost);
      if (lost.again() + lost.givenUp() > 0) {
        log.warn(
            "Of the builds that had lost their node, {} run again and {} have failed",
            lost.again(),
            lost.givenUp());
      }
    } catch (RuntimeException | Error e) {
      // Whatever is thrown from here would end all later beats without a word.
      log.warn("No heartbeat: {}", e.toString());
    }
  }

  /** A running build may have to be cancelled: if it runs here, it is stopped. */
  void cancel() {
    heart.execute(this::stopCancelled);
  }

  private void stopCancelled() {
    List<UUID> mine = running.leases();
    try {
      if (!mine.isEmpty()) {
        running.interrupt(queue.toCancel(mine));
      }
    } catch (RuntimeException e) {
      log.warn("What is to be cancelled is seen with the next heartbeat: {}", e.toString());
    }
  }

  /** The last beat was that; others know so at once. */
  @Override
  public void close() {
    heart.shutdownNow();
    try {
      fleet.stop();
    } catch (RuntimeException e) {
      log.warn("That this node has stopped is not recorded: {}", e.toString());
    }
  }
}
