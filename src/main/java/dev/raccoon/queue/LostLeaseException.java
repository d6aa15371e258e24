package dev.raccoon.queue;

/**
 * A write under a lease that no longer holds: the build is another's by now, and nothing was
 * written.
 */
public final class LostLeaseException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The lease that was lost. */
  public LostLeaseException(Lease lease) {
    super("build " + lease.build() + " is no longer this node's");
  }
}
