package dev.raccoon.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;

/**
 * Ends connections at once. To close one, Vert.x first waits until the client has taken in all that
 * was written, so that a client which takes in nothing would keep it, and all that, for ever.
 */
final class Disconnection {
  private Disconnection() {}

  /** From any thread. */
  static void now(HttpConnection connection) {
    Channel channel = channel(connection);
    channel.eventLoop().execute(() -> cut(channel));
  }

  /** What {@code connection}, one of a server, reads from and writes to. */
  static Channel channel(HttpConnection connection) {
    if (connection instanceof HttpServerConnection server) {
      return server.channelHandlerContext().channel();
    }
    throw new IllegalArgumentException("a connection of another kind: " + connection.getClass());
  }

  /** Past Vert.x, which stands at the pipeline's end; nor is the kernel to keep what is left. */
  private static void cut(Channel channel) {
    ChannelOutboundBuffer left = channel.unsafe().outboundBuffer();
    if (left != null && !left.isEmpty()) {
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
    }
    ChannelHandlerContext first = channel.pipeline().firstContext();
    if (first != null) {
      var _ = first.close();
    }
  }
}
