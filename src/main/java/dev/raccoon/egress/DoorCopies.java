package dev.raccoon.egress;

import dev.raccoon.egress.EgressRules.Way;
import dev.raccoon.value.CloneUrl;
import dev.raccoon.value.InvalidValueException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The copies of repositories that one door serves. Each is made fresh once, when it is first asked
 * for: a build sees one state of it from then on. Thread-safe.
 */
final class DoorCopies {
  private static final int MAX_COPIES = 1000;

  private final GitCopies copies;
  private final GitCopies.Doors doors;
  private final Map<String, Copy> known = new HashMap<>();
  private boolean closed;

  DoorCopies(GitCopies copies, GitCopies.Doors doors) {
    this.copies = copies;
    this.doors = doors;
  }

  /** One repository; its lock is held while it is made fresh. */
  private static final class Copy {
    private final ReentrantLock lock = new ReentrantLock();
    private Optional<GitCopies.Held> held = Optional.empty();
    private boolean asked;
    private boolean failed;
  }

  /**
   * The folder that {@code asked} of {@code way}'s host is served from, if there is one that has
   * not failed yet.
   */
  Optional<Path> repository(GitRequest asked, Way.Checked way)
      throws IOException, InterruptedException {
    Optional<CloneUrl> url = url(asked, way);
    Optional<Copy> copy = url.flatMap(this::copy);
    if (copy.isEmpty()) {
      return Optional.empty();
    }
    Copy one = copy.get();
    one.lock.lockInterruptibly();
    try {
      if (!one.asked) {
        one.asked = true;
        one.held = copies.fresh(new GitCopies.Wanted(url.orElseThrow(), way.addresses()), doors);
        closeIfLate(one);
      }
      return one.failed ? Optional.empty() : one.held.map(GitCopies.Held::repository);
    } finally {
      one.lock.unlock();
    }
  }

  /** The folder that {@code asked} was served from could not be: the host is asked from now on. */
  void failed(GitRequest asked, Way.Checked way) throws InterruptedException {
    Optional<Copy> copy = url(asked, way).flatMap(this::copy);
    if (copy.isEmpty()) {
      return;
    }
    Copy one = copy.get();
    one.lock.lockInterruptibly();
    try {
      // Others may be served from it just now: it stays until the door is closed.
      if (!one.failed) {
        one.failed = true;
        one.held.ifPresent(GitCopies.Held::failed);
      }
    } finally {
      one.lock.unlock();
    }
  }

  private static Optional<CloneUrl> url(GitRequest asked, Way.Checked way) {
    try {
      String path = asked.repository().replaceAll("/{2,}", "/");
      return Optional.of(new CloneUrl(way.host(), way.port(), path));
    } catch (InvalidValueException e) {
      return Optional.empty();
    }
  }

  private synchronized Optional<Copy> copy(CloneUrl url) {
    return closed || (known.size() >= MAX_COPIES && !known.containsKey(url.toString()))
        ? Optional.empty()
        : Optional.of(known.computeIfAbsent(url.toString(), first -> new Copy()));
  }

  private synchronized void closeIfLate(Copy copy) {
    if (closed) {
      copy.held.ifPresent(GitCopies.Held::close);
      copy.held = Optional.empty();
    }
  }

  /** Gives back what was taken; whatever comes later is given back at once. */
  void close() {
    List<Copy> all;
    synchronized (this) {
      closed = true;
      all = new ArrayList<>(known.values());
    }
    for (Copy copy : all) {
      if (copy.lock.tryLock()) {
        try {
          copy.held.ifPresent(GitCopies.Held::close);
          copy.held = Optional.empty();
        } finally {
          copy.lock.unlock();
        }
      }
    }
  }
}
