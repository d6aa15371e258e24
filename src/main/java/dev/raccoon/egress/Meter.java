package dev.raccoon.egress;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** The bytes that one door has left. Thread-safe. */
final class Meter {
  private final long limit;
  private final Optional<Meter> whole;
  private final AtomicLong passed = new AtomicLong();

  Meter(long limit) {
    this(limit, Optional.empty());
  }

  private Meter(long limit, Optional<Meter> whole) {
    this.limit = limit;
    this.whole = whole;
  }

  /** One that may count half of what is left here, and counts it here as well. */
  Meter half() {
    return new Meter(Math.max(0, limit - passed.get()) / 2, Optional.of(this));
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
    whole.ifPresent(meter -> meter.count(bytes));
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
