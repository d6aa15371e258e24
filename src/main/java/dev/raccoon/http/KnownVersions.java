package dev.raccoon.http;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;

/**
 * Marks requests of other HTTP versions as unreadable. They are read like HTTP/1.1 otherwise, and
 * Vert.x answers them by itself, with a bare 501.
 */
@Sharable
final class KnownVersions extends ChannelInboundHandlerAdapter {
  private static final KnownVersions HANDLER = new KnownVersions();

  private KnownVersions() {}

  /** Stands between the decoder of {@code connection} and Vert.x. */
  static void check(HttpConnection connection) {
    if (connection instanceof HttpServerConnection server) {
      ChannelHandlerContext vertx = server.channelHandlerContext();
      vertx.pipeline().addBefore(vertx.name(), "known versions", HANDLER);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof HttpRequest request
        && request.decoderResult().isSuccess()
        && !request.protocolVersion().equals(HttpVersion.HTTP_1_1)
        && !request.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
      request.setDecoderResult(DecoderResult.failure(new UnknownVersionException()));
    }
    context.fireChannelRead(message);
  }

  /** The request speaks another version of HTTP. */
  static final class UnknownVersionException extends Exception {
    private static final long serialVersionUID = 1L;

    UnknownVersionException() {
      super("another HTTP version", null, false, false);
    }
  }
}
