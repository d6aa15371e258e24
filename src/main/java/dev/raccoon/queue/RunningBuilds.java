package dev.raccoon.queue;

import dev.raccoon.value.BuildId;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The builds that a node runs now, by their leases, each with its thread. Thread-safe. */
final class RunningBuilds {
  private static final Logger log = LoggerFactory.getLogger(RunningBuilds.class);

  private final Map<UUID, Running> builds = new HashMap<>();

  private static final class Running {
    private final Lease lease;
    private @Nullable Thread thread;
    private int missed;
    private boolean stopped;

    private Running(Lease lease) {
      this.lease = lease;
    }
  }

  /** Counts a claimed build, whose thread is yet to come. */
  synchronized void add(Lease lease) {
    builds.put(lease.token(), new Running(lease));
  }

  /** Says that the calling thread runs the build. */
  synchronized void runsHere(Lease lease) {
    Running running = builds.get(lease.token());
    if (running != null) {
      running.thread = Thread.currentThread();
      if (running.stopped) {
        interrupt(running);
      }
    }
  }

  /** Forgets a build; the calling thread, if it ran it, is free for another then. */
  synchronized void remove(Lease lease) {
    Running gone = builds.remove(lease.token());
    if (gone != null && Thread.currentThread().equals(gone.thread)) {
      // An interrupt was for the build that ended, not for the next.
      var _ = Thread.interrupted();
    }
  }

  synchronized int count() {
    return builds.size();
  }

  synchronized List<UUID> leases() {
    return List.copyOf(builds.keySet());
  }

  /**
   * Interrupts builds of which a heartbeat that was given for {@code asked} found the lease gone
   * twice: once may also mean that the build has just ended here, and is about to be removed.
   *
   * @param hasEnded whether a build has ended at this node; what it made may yet have to be removed
   */
  synchronized void interruptLost(
      Collection<UUID> asked, Collection<UUID> held, Predicate<BuildId> hasEnded) {
    for (UUID token : asked) {
      Running running = builds.get(token);
      if (running != null
          && !held.contains(token)
          && ++running.missed == 2
          && !hasEnded.test(running.lease.build())) {
        log.warn("The lease of build {} is lost; it is stopped here", running.lease.build());
        interrupt(running);
      }
    }
  }

  /**
   * Interrupts those of {@code tokens} that run here, each once: a second interrupt would meet what
   * its end takes. One that has no thread yet is interrupted when it begins.
   */
  synchronized void interrupt(Collection<UUID> tokens) {
    for (UUID token : tokens) {
      Running running = builds.get(token);
      if (running != null && !running.stopped) {
        running.stopped = true;
        log.info("Build {} is stopped: it is cancelled", running.lease.build());
        interrupt(running);
      }
    }
  }

  private static void interrupt(Running running) {
    if (running.thread != null) {
      running.thread.interrupt();
    }
  }
}
