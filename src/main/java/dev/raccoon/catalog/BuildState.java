package dev.raccoon.catalog;

/** Where a build is in its life. */
public enum BuildState {
  QUEUED,
  RUNNING,
  SUCCEEDED,
  FAILED,
  CANCELLED;

  /** Whether nothing will change any more. */
  public boolean ended() {
    return this != QUEUED && this != RUNNING;
  }
}
