package dev.raccoon.egress;

/**
 * What one fetch, or one build, does on the network by several doors: who is told of it, and how
 * many bytes it has left. Made by {@link EgressProxy#account}. Thread-safe.
 */
public final class Account {
  private final EgressLog log;
  private final Meter meter;

  Account(EgressLog log, Meter meter) {
    this.log = log;
    this.meter = meter;
  }

  EgressLog log() {
    return log;
  }

  Meter meter() {
    return meter;
  }
}
