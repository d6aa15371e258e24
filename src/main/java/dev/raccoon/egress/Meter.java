package dev.raccoon.egress;

import java.util.concurrent.atomic.AtomicLong;

/** The bytes that one door has left. Thread-safe. */
final class Meter {
  private final long limit;
  private final AtomicLong passed = new AtomicLong();

  Meter(long limit) {
    this.limit = limit;
  }

  /** More bytes than there may be. */
  static final class OverException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OverException(String sentence) {
      super(sentence);
    }
  }

  /** Counts {@code bytes} that are about to pass. */
  void count(long bytes) {
    if (passed.addAndGet(bytes) > limit) {
      throw new OverException(sentence());
    }
  }

  /** Refuses a request when nothing more may pass. */
  void requireRest() throws RefusedException {
    if (passed.get() >= limit) {
      throw new RefusedException(sentence());
    }
  }

  private String sentence() {
    return "Raccoon lets a build send and receive "
        + limit
        + " bytes at most: its operator can allow more with RACCOON_EGRESS_BYTES.";
  }
}
