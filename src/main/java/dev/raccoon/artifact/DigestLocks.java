package dev.raccoon.artifact;

import dev.raccoon.value.Sha256;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/** So many locks that different artifacts seldom wait for one another, and no more. */
final class DigestLocks {
  private static final int LOCKS = 64;

  private final ReentrantLock[] locks =
      Stream.generate(ReentrantLock::new).limit(LOCKS).toArray(ReentrantLock[]::new);

  ReentrantLock of(Sha256 digest) {
    return locks[Math.floorMod(digest.hashCode(), LOCKS)];
  }
}
