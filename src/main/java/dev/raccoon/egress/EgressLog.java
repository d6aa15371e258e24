package dev.raccoon.egress;

/** Is told of a door's first 1,000 requests, each when it has ended, one after another. */
@FunctionalInterface
public interface EgressLog {
  /** Takes {@code request} down; may block. */
  void record(EgressRequest request);

  /** Is told, when the door is closed, how many more there were than it was told of, if any. */
  default void more(long requests) {}
}
