package dev.raccoon.http;

import io.netty.channel.EventLoop;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Disconnects a client that keeps the server waiting: for a request's rest, or for the next one. It
 * does not run while the server is at work on an answer. Used on the connection's event loop only.
 */
final class ClientTimer {
  private static final long STOPPED = -1;

  private final Vertx vertx;
  private final HttpConnection connection;
  private final Timeouts timeouts;
  private long timer = STOPPED;
  private @Nullable HttpServerRequest last;

  /** A timer for a connection that was just made. */
  ClientTimer(Vertx vertx, HttpConnection connection, Timeouts timeouts) {
    this.vertx = vertx;
    this.connection = connection;
    this.timeouts = timeouts;
    restart(timeouts.request());
  }

  /** A request's head has arrived. */
  void began(HttpServerRequest request) {
    last = request;
    restart(timeouts.request());
    // Told on whichever thread ends the answer, which may be after the next request has begun.
    EventLoop loop = Disconnection.channel(connection).eventLoop();
    request.response().endHandler(answered -> loop.execute(() -> answered(request)));
  }

  /** A refusal may be answered before the whole request is there. */
  private void answered(HttpServerRequest request) {
    if (request.equals(last)) {
      restart(request.isEnded() ? timeouts.idle() : timeouts.request());
    }
  }

  /** The whole request has arrived; the server is at work. */
  void arrived() {
    stop();
  }

  void stop() {
    if (timer != STOPPED) {
      vertx.cancelTimer(timer);
      timer = STOPPED;
    }
  }

  private void restart(Duration limit) {
    stop();
    timer = vertx.setTimer(limit.toMillis(), late -> Disconnection.now(connection));
  }
}
