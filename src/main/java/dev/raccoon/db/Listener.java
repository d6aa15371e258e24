package dev.raccoon.db;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One subscriber with its own virtual thread and its own bounded queue, so that a slow or failing
 * one holds up nobody. When the queue is full, what waits in it becomes one empty payload: look for
 * yourself.
 */
final class Listener {
  static final String LOOK_FOR_YOURSELF = "";

  private static final Logger LOG = LoggerFactory.getLogger(Listener.class);
  private static final int MAX_WAITING = 1_000;

  private final String channel;
  private final Consumer<String> consumer;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<String> waiting = new ArrayDeque<>();
  private boolean closed;

  private Listener(String channel, Consumer<String> consumer) {
    this.channel = channel;
    this.consumer = consumer;
  }

  static Listener start(String channel, Consumer<String> consumer) {
    Listener listener = new Listener(channel, consumer);
    Thread.ofVirtual().name("listener-" + channel).start(listener::live);
    return listener;
  }

  String channel() {
    return channel;
  }

  /** Hands over a payload without waiting for the subscriber. */
  void offer(String payload) {
    lock.lock();
    try {
      if (waiting.size() >= MAX_WAITING) {
        waiting.clear();
        waiting.addLast(LOOK_FOR_YOURSELF);
      }
      waiting.addLast(payload);
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private void live() {
    for (String payload = next(); payload != null; payload = next()) {
      try {
        consumer.accept(payload);
      } catch (RuntimeException e) {
        LOG.error("A listener on {} failed; it is called again with the next", channel, e);
      }
    }
  }

  private @Nullable String next() {
    lock.lock();
    try {
      while (waiting.isEmpty() && !closed) {
        changed.awaitUninterruptibly();
      }
      return closed ? null : waiting.removeFirst();
    } finally {
      lock.unlock();
    }
  }
}
