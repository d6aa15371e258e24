package dev.raccoon.db;

/** A listener's registration; closing it ends the calls, but for one that is under way. */
public interface Subscription extends AutoCloseable {
  @Override
  void close();
}
