package dev.raccoon.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;

/**
 * Reads a request's body on its event loop, up to the limit of {@link WebServer#MAX_BODY_BYTES}.
 */
final class BodyReader {
  private final HttpServerRequest request;
  private final Buffer body = Buffer.buffer();
  private boolean refused;

  BodyReader(HttpServerRequest request) {
    this.request = request;
  }

  /** Hands the whole body to {@code next}, or answers 413. A request that breaks off is dropped. */
  void read(Consumer<byte[]> next) {
    request.handler(this::take);
    request.endHandler(end -> {
      if (!refused) {
        next.accept(body.getBytes());
      }
    });
    request.exceptionHandler(broken -> refused = true);
  }

  private void take(Buffer part) {
    if (refused) {
      return;
    }
    if (body.length() + part.length() > WebServer.MAX_BODY_BYTES) {
      refused = true;
      Answer answer = Envelope.bad(413, "The body is larger than 1 MiB.");
      new Sender(request).send(answer.with("Connection", "close"));
    } else {
      body.appendBuffer(part);
    }
  }
}
