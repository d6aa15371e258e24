package dev.raccoon.egress;

import io.vertx.core.Context;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A virtual thread's waiting for its event loop, which can be ended at any time from elsewhere.
 * Used by one thread, and by any other to end it. What is waited for begins on the event loop, so
 * that no event of it comes before its handlers.
 */
final class Waiting {
  private final Context context;
  private volatile @Nullable CompletableFuture<?> current;
  private volatile boolean ended;

  Waiting(Context context) {
    this.context = context;
  }

  /**
   * What {@code work}, begun on the event loop, comes to.
   *
   * @throws IOException for any failure, which is its cause, and when the waiting was ended
   */
  <T> T on(Supplier<Future<T>> work) throws IOException, InterruptedException {
    return on(work, late -> {});
  }

  /**
   * The same for what somebody must close: {@code late} takes what comes after the waiting was
   * ended. What has not begun by then does not begin.
   *
   * @throws IOException for any failure, which is its cause, and when the waiting was ended
   */
  <T> T on(Supplier<Future<T>> work, Consumer<T> late) throws IOException, InterruptedException {
    CompletableFuture<T> result = new CompletableFuture<>();
    current = result;
    if (ended) {
      end();
    }
    context.runOnContext(begin -> {
      if (result.isDone()) {
        return;
      }
      try {
        work.get()
            .onComplete(done -> {
              if (!done.succeeded()) {
                result.completeExceptionally(done.cause());
              } else if (!result.complete(done.result())) {
                late.accept(done.result());
              }
            });
      } catch (RuntimeException e) {
        result.completeExceptionally(e);
      }
    });
    return get(result);
  }

  /** Ends it, now and for whatever comes later. */
  void end() {
    ended = true;
    CompletableFuture<?> waited = current;
    if (waited != null) {
      waited.completeExceptionally(new IOException("ended"));
    }
  }

  boolean isEnded() {
    return ended;
  }

  /** What {@code future} comes to, which has a limit of its own. */
  static <T> T on(Future<T> future) throws IOException, InterruptedException {
    return get(future.toCompletionStage().toCompletableFuture());
  }

  private static <T> T get(CompletableFuture<T> result) throws IOException, InterruptedException {
    try {
      return result.get();
    } catch (ExecutionException e) {
      throw new IOException("the connection failed", e.getCause());
    }
  }
}
