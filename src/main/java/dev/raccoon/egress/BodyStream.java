package dev.raccoon.egress;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A paused request's body, piece by piece, for blocking code. Each piece is asked for. */
final class BodyStream {
  private static final Buffer END = Buffer.buffer();

  private final HttpServerRequest request;
  private final BlockingQueue<Object> pieces = new LinkedBlockingQueue<>();

  BodyStream(HttpServerRequest request) {
    this.request = request;
    request.handler(pieces::add);
    request.endHandler(ended -> pieces.add(END));
    request.exceptionHandler(pieces::add);
  }

  /** The whole of it, as it comes in {@code exchange}. */
  Buffer all(Exchange exchange) throws IOException, InterruptedException {
    if (request.headers().contains("Expect", "100-continue", true)) {
      var _ = request.response().writeContinue();
    }
    Buffer all = Buffer.buffer();
    for (Buffer piece = next(); piece.length() > 0; piece = next()) {
      exchange.out(piece);
      all.appendBuffer(piece);
    }
    return all;
  }

  /** The next piece; an empty one is the end. */
  Buffer next() throws IOException, InterruptedException {
    request.fetch(1);
    Object piece = pieces.take();
    if (piece instanceof Throwable trouble) {
      throw new IOException(trouble);
    }
    return (Buffer) piece;
  }
}
