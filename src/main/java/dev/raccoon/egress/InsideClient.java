package dev.raccoon.egress;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A connection from inside. One that takes long to send a request's head, or the next one, is
 * closed, even if a byte comes now and then. Used on its event loop only.
 */
final class InsideClient {
  private final Vertx vertx;
  private final HttpConnection connection;
  private final Duration limit;
  private long timer;
  private @Nullable Exchange exchange;

  InsideClient(Vertx vertx, HttpConnection connection, Duration limit) {
    this.vertx = vertx;
    this.connection = connection;
    this.limit = limit;
    await();
  }

  private void await() {
    vertx.cancelTimer(timer);
    timer = vertx.setTimer(limit.toMillis(), late -> connection.close());
  }

  /** A request's head is here. */
  void began(Exchange one) {
    vertx.cancelTimer(timer);
    exchange = one;
    one.request()
        .response()
        .endHandler(answered -> {
          exchange = null;
          await();
        });
  }

  /** The client has closed it. */
  void gone() {
    vertx.cancelTimer(timer);
    if (exchange != null) {
      exchange.gone();
    }
  }
}
