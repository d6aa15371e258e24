package dev.raccoon.egress;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import io.vertx.core.streams.WriteStream;
import java.util.function.Consumer;

/**
 * Moves one stream's bytes into another, at the slower one's pace. Both are on one event loop,
 * since {@link Waiting} begins all on the request's and Vert.x leaves a connection on the loop that
 * made it: nothing is drained between a look at the queue and the pause that follows from it.
 */
final class Pump {
  private Pump() {}

  /**
   * Begins to; {@code from} must be paused. {@code each} sees every piece before it is passed on,
   * and what it throws ends the pumping. Completed when {@code from} has ended; {@code to} is left
   * open.
   */
  static Future<Void> run(ReadStream<Buffer> from, WriteStream<Buffer> to, Consumer<Buffer> each) {
    Promise<Void> end = Promise.promise();
    from.exceptionHandler(end::tryFail);
    to.exceptionHandler(end::tryFail);
    from.endHandler(ended -> end.tryComplete());
    from.handler(piece -> {
      if (end.future().isComplete()) {
        // It has failed, and what was on its way is nobody's.
        return;
      }
      try {
        each.accept(piece);
      } catch (RuntimeException e) {
        from.pause();
        end.tryFail(e);
        return;
      }
      to.write(piece).onFailure(end::tryFail);
      if (to.writeQueueFull()) {
        from.pause();
      }
    });
    to.drainHandler(drained -> from.resume());
    from.resume();
    return end.future();
  }
}
