package dev.raccoon.egress;

/** Is told of each request through a door when it has ended, from several threads at once. */
@FunctionalInterface
public interface EgressLog {
  /** Takes {@code request} down; may block. */
  void record(EgressRequest request);
}
