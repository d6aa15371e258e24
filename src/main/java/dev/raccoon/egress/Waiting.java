package dev.raccoon.egress;

import io.vertx.core.Future;
import java.io.IOException;
import java.util.concurrent.ExecutionException;

/** Waiting for the event loop, on a virtual thread. */
final class Waiting {
  private Waiting() {}

  /**
   * What {@code future} comes to. Each future here ends with its connection, and each connection
   * with its door, so there is no other limit.
   *
   * @throws IOException for any failure, which is its cause
   */
  static <T> T on(Future<T> future) throws IOException, InterruptedException {
    try {
      return future.toCompletionStage().toCompletableFuture().get();
    } catch (ExecutionException e) {
      throw new IOException("the connection failed", e.getCause());
    }
  }
}
