package dev.raccoon.egress;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.net.NetSocket;
import java.io.IOException;

/** A CONNECT: bytes in both directions, until either side has ended. */
final class Tunnel {
  private final Exchange exchange;
  private final NetSocket outside;

  /** To {@code outside}, which is paused. */
  Tunnel(Exchange exchange, NetSocket outside) {
    this.exchange = exchange;
    this.outside = outside;
    exchange.onCut(() -> {
      var _ = outside.close();
    });
  }

  int pass() throws IOException, InterruptedException {
    try {
      NetSocket inside =
          exchange.waiting().on(() -> exchange.request().toNetSocket().map(NetSocket::pause));
      exchange.tunnelled();
      exchange.waiting().on(() -> pump(inside));
      return 200;
    } finally {
      var _ = outside.close();
      var _ = exchange.request().connection().close();
    }
  }

  private Future<Void> pump(NetSocket inside) {
    Promise<Void> first = Promise.promise();
    end(Pump.run(inside, outside, exchange::out), outside, first);
    end(Pump.run(outside, inside, exchange::in), inside, first);
    return first.future();
  }

  /** When one side has ended, the other gets what was on its way. */
  private static void end(Future<Void> pumped, NetSocket to, Promise<Void> first) {
    pumped
        .compose(ended -> to.end())
        .onComplete(ended -> {
          if (ended.succeeded()) {
            first.tryComplete();
          } else {
            first.tryFail(ended.cause());
          }
        });
  }
}
