package dev.raccoon.catalog;

import dev.raccoon.value.Namespaces;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Waits for requests to be answered whole. Told of each build's end; looks by itself too, in case a
 * word was lost.
 */
public final class BuildEnds {
  private static final Duration LOOK = Duration.ofSeconds(2);

  private final BuildStore builds;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition someEnded = lock.newCondition();
  private long ends;

  /** Waits for builds of {@code builds}. */
  public BuildEnds(BuildStore builds) {
    this.builds = builds;
  }

  /** Tells that a build has ended. */
  public void ended() {
    lock.lock();
    try {
      ends++;
      someEnded.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * The builds that answer {@code request}, as they are when all have ended or {@code limit} has
   * passed; none as soon as their package is private and not in {@code readable}.
   */
  public List<Build> await(UUID request, Namespaces readable, Duration limit)
      throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (true) {
      long seen = count();
      List<Build> answer = builds.answering(request, readable);
      long left = deadline - System.nanoTime();
      if (left <= 0 || answer.stream().allMatch(build -> build.state().ended())) {
        return answer;
      }
      awaitEnd(seen, Math.min(left, LOOK.toNanos()));
    }
  }

  private long count() {
    lock.lock();
    try {
      return ends;
    } finally {
      lock.unlock();
    }
  }

  private void awaitEnd(long seen, long nanos) throws InterruptedException {
    long left = nanos;
    lock.lock();
    try {
      while (ends == seen && left > 0) {
        left = someEnded.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }
}
