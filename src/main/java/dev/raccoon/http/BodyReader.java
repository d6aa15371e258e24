package dev.raccoon.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;

/**
 * Reads a request's body on its event loop, up to the limit of {@link WebServer#MAX_BODY_BYTES}.
 */
final class BodyReader {
  private final HttpServerRequest request;
  private final Sender sender;
  private final BodyBudget.Held held;
  private Buffer body = Buffer.buffer();
  private boolean refused;
  private boolean whole;

  /** Until the body is whole, {@code held} is released here, and by whoever takes it from then. */
  BodyReader(HttpServerRequest request, BodyBudget.Held held, Sender sender) {
    this.request = request;
    this.held = held;
    this.sender = sender;
  }

  /** Hands the whole body to {@code next}, or answers 413. A request that breaks off is dropped. */
  void read(Consumer<byte[]> next) {
    if (declaresTooMuch()) {
      refuse(tooLarge());
    } else if (request.headers().contains("Expect", "100-continue", true)) {
      var _ = request.response().writeContinue();
    }
    request.handler(this::take);
    request.exceptionHandler(this::breakOff);
    request.endHandler(end -> {
      if (!refused) {
        whole = true;
        byte[] bytes = body.getBytes();
        body = Buffer.buffer();
        next.accept(bytes);
      }
    });
  }

  /** What comes after a refusal is read and forgotten, so that the client can read its answer. */
  private void take(Buffer part) {
    if (refused) {
      return;
    }
    if (body.length() + part.length() > WebServer.MAX_BODY_BYTES) {
      refuse(tooLarge());
    } else {
      held.add(part.length()).ifPresentOrElse(this::refuse, () -> body.appendBuffer(part));
    }
  }

  /** Where the connection still stands, what came of the body could not be read. */
  private void breakOff(Throwable broken) {
    if (!refused && !(broken instanceof HttpClosedException)) {
      sender.send(
          Envelope.bad(400, "The body's chunks cannot be read.").with("Connection", "close"));
      var _ = request.connection().close();
    }
    if (!whole) {
      forget();
    }
    refused = true;
  }

  private boolean declaresTooMuch() {
    String length = request.getHeader("Content-Length");
    // The server has checked that it is a number; of more digits it is too much as well.
    return length != null
        && (length.length() > 18 || Long.parseLong(length) > WebServer.MAX_BODY_BYTES);
  }

  private static Answer tooLarge() {
    return Envelope.bad(413, "The body is larger than 128 KiB.");
  }

  private void refuse(Answer answer) {
    refused = true;
    forget();
    sender.send(answer);
  }

  private void forget() {
    body = Buffer.buffer();
    held.release();
  }
}
