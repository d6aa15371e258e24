package dev.raccoon.queue;

/**
 * Thrown by a worker's job where this machine cannot do it just now, though nothing is wrong with
 * the build: it goes back to the queue, which counts as no attempt, and the worker rests.
 */
public final class NotNowException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** {@code reason} is a clause for the log, such as <i>the disk is full</i>. */
  public NotNowException(String reason) {
    super(reason);
  }
}
