package dev.raccoon.http;

import java.time.Duration;

/**
 * How long the server waits for its clients. A client that takes longer is disconnected.
 *
 * @param request for a request to arrive whole, from its connection's start or its own first line
 * @param idle for the next request of a connection
 * @param write for a client to take in anything more of an answer (twice that at the most); a whole
 *     one must be taken in at {@link #LEAST_BYTES_PER_SECOND}, beyond that
 */
record Timeouts(Duration request, Duration idle, Duration write) {
  static final Timeouts USUAL =
      new Timeouts(Duration.ofSeconds(30), Duration.ofSeconds(75), Duration.ofSeconds(60));

  static final long LEAST_BYTES_PER_SECOND = 8 * 1024;

  /** For an answer of {@code bytes} to be taken in whole. */
  Duration answer(long bytes) {
    return write.plusSeconds(bytes / LEAST_BYTES_PER_SECOND);
  }
}
