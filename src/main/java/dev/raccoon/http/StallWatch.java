package dev.raccoon.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.http.HttpConnection;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Disconnects a client that takes in nothing of an answer between two looks. Looks on the
 * connection's event loop.
 */
final class StallWatch {
  private final HttpConnection connection;
  private final Channel channel;
  private final ScheduledFuture<?> looks;
  private Left last = new Left(-1, -1);

  /** What waits to be taken in, and how much of its first piece was; a file's length is unknown. */
  private record Left(long bytes, long ofFirst) {}

  /** Looks at {@code connection} once in {@code pause}, until it is stopped. */
  StallWatch(HttpConnection connection, Duration pause) {
    this.connection = connection;
    this.channel = Disconnection.channel(connection);
    this.looks =
        channel
            .eventLoop()
            .scheduleWithFixedDelay(
                this::look, pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void look() {
    ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
    if (waiting == null || waiting.isEmpty()) {
      return;
    }
    Left left = new Left(waiting.totalPendingWriteBytes(), waiting.currentProgress());
    if (left.equals(last)) {
      Disconnection.now(connection);
    }
    last = left;
  }

  void stop() {
    var _ = looks.cancel(false);
  }
}
