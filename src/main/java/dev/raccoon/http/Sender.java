package dev.raccoon.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the answer of one request; from any thread, but a stream from a virtual one, since that
 * waits for its client.
 */
final class Sender {
  private static final Logger log = LoggerFactory.getLogger(Sender.class);
  static final int PIECE_BYTES = 64 * 1024;

  /** What does not describe a refusal. */
  private static final List<String> OF_A_FILE =
      List.of("Cache-Control", "Content-Disposition", "ETag", "Repr-Digest");

  private final Vertx vertx;
  private final Timeouts timeouts;
  private final SecurityHeaders security;
  private final HttpServerRequest request;
  private final HttpServerResponse response;

  Sender(Vertx vertx, Timeouts timeouts, SecurityHeaders security, HttpServerRequest request) {
    this.vertx = vertx;
    this.timeouts = timeouts;
    this.security = security;
    this.request = request;
    this.response = request.response();
  }

  /** Sends {@code answer}, and disconnects where it cannot be sent whole. */
  void send(Answer answer) {
    send(answer, () -> {});
  }

  /** The same; {@code taken} runs once nothing more of the answer is in memory. */
  void send(Answer answer, Runnable taken) {
    Runnable gone =
        () -> {
          forget(answer);
          taken.run();
        };
    try {
      if (response.ended() || response.closed()) {
        gone.run();
        return;
      }
      // A client that waits for the word to send its body gets a refusal instead: it may or may
      // not send it now, and only a new connection tells its next request from that body.
      boolean last = !request.isEnded() && request.headers().contains("Expect");
      if (last) {
        response.putHeader("Connection", "close");
      }
      begin(answer)
          .onComplete(end -> gone.run())
          .onSuccess(end -> {
            if (last) {
              var _ = request.connection().close();
            }
          })
          .onFailure(lost -> {
            if (response.headWritten() || response.closed()) {
              goneAway(lost);
            } else {
              fail(lost);
            }
          });
    } catch (ClientLostException e) {
      gone.run();
      goneAway(e);
    } catch (IOException | RuntimeException e) {
      gone.run();
      fail(e);
    }
  }

  /** What is answered, for a line of the log. */
  String requestLine() {
    return request.method() + " " + request.path();
  }

  private void goneAway(Throwable cause) {
    log.debug("A client went away", cause);
    disconnect();
  }

  /** What is on its way cannot be taken back: then the client must see that it is not whole. */
  private void fail(Throwable cause) {
    if (response.headWritten() || response.closed()) {
      log.warn("{} was not answered whole: {}", requestLine(), cause.toString());
      disconnect();
    } else {
      log.error("{} could not be answered", requestLine(), cause);
      response.headers().clear();
      security.put(response.headers());
      bytes(Envelope.bad(500, EndpointThreads.OUR_ERROR)).onFailure(this::goneAway);
    }
  }

  private Future<Void> begin(Answer answer) throws IOException {
    security.put(response.headers());
    answer.headers().forEach(response::putHeader);
    return switch (answer) {
      case Answer.Bytes bytes -> bytes(bytes);
      case Answer.StoredFile file -> file(file);
      case Answer.Stream stream -> stream(stream);
    };
  }

  private Future<Void> bytes(Answer.Bytes answer) {
    head(answer.status(), answer.contentType(), answer.body().length);
    return isHead()
        ? response.end()
        : timed(answer.body().length, response.end(Buffer.buffer(answer.body())));
  }

  private Future<Void> file(Answer.StoredFile answer) throws IOException {
    long size = answer.file().size();
    String etag = "\"" + answer.etag() + "\"";
    response.putHeader("ETag", etag).putHeader("Accept-Ranges", "bytes");
    if (isRead() && EntityTags.match(request.getHeader("If-None-Match"), etag)) {
      return response.setStatusCode(304).end();
    }
    return switch (range(etag, size)) {
      case ByteRange.Whole() -> part(answer, 200, 0, size);
      case ByteRange.Part(long first, long length) -> {
        response.putHeader(
            "Content-Range", "bytes " + first + "-" + (first + length - 1) + "/" + size);
        yield part(answer, 206, first, length);
      }
      case ByteRange.Unsatisfiable() -> behindTheEnd(size);
    };
  }

  /** RFC 9110 section 14.2: a range counts for GET only. */
  private ByteRange range(String etag, long size) {
    return request.method().equals(HttpMethod.GET)
        ? ByteRange.of(request.getHeader("Range"), request.getHeader("If-Range"), etag, size)
        : new ByteRange.Whole();
  }

  private Future<Void> part(Answer.StoredFile answer, int status, long first, long length) {
    head(status, answer.contentType(), length);
    return isHead()
        ? response.end()
        : timed(length, response.sendFile(answer.file(), first, length));
  }

  private Future<Void> behindTheEnd(long size) {
    OF_A_FILE.forEach(response.headers()::remove);
    response.putHeader("Content-Range", "bytes */" + size);
    return bytes(
        Envelope.bad(416, "The range begins behind the file's end, at " + size + " bytes."));
  }

  private Future<Void> stream(Answer.Stream answer) throws IOException {
    head(200, answer.contentType(), answer.sizeBytes());
    long timer =
        vertx.setTimer(timeouts.answer(answer.sizeBytes()).toMillis(), late -> disconnect());
    try (InputStream bytes = answer.bytes()) {
      long left = isHead() ? 0 : answer.sizeBytes();
      while (left > 0) {
        byte[] piece = bytes.readNBytes((int) Math.min(left, PIECE_BYTES));
        if (piece.length == 0) {
          throw new EOFException(left + " bytes of an answer are missing");
        }
        await(response.write(Buffer.buffer(piece)));
        left -= piece.length;
      }
    } finally {
      vertx.cancelTimer(timer);
    }
    return response.end();
  }

  /** Waits until the client has taken in what was written, so that only one piece is in memory. */
  private void await(Future<Void> written) throws IOException {
    try {
      written
          .toCompletionStage()
          .toCompletableFuture()
          .get(timeouts.write().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new ClientLostException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** Disconnects a client that takes too long to take in {@code length} bytes, or stops to. */
  private Future<Void> timed(long length, Future<Void> sent) {
    if (length > PIECE_BYTES) {
      long timer = vertx.setTimer(timeouts.answer(length).toMillis(), late -> disconnect());
      StallWatch watch = new StallWatch(request.connection(), timeouts.write());
      sent.onComplete(end -> {
        vertx.cancelTimer(timer);
        watch.stop();
      });
    }
    return sent;
  }

  private void head(int status, String contentType, long length) {
    response
        .setStatusCode(status)
        .putHeader("Content-Type", contentType)
        .putHeader("Content-Length", Long.toString(length));
  }

  private boolean isHead() {
    return request.method().equals(HttpMethod.HEAD);
  }

  private boolean isRead() {
    return isHead() || request.method().equals(HttpMethod.GET);
  }

  private void disconnect() {
    Disconnection.now(request.connection());
  }

  private static final class ClientLostException extends IOException {
    private static final long serialVersionUID = 1L;

    ClientLostException(Exception cause) {
      super("the client took nothing in", cause);
    }
  }

  /** Closes what will not be sent any more. */
  static void forget(Answer answer) {
    try {
      switch (answer) {
        case Answer.Stream stream -> stream.bytes().close();
        case Answer.StoredFile file -> file.file().close();
        case Answer.Bytes _ -> {}
      }
    } catch (IOException e) {
      log.warn("What was sent, or not sent, did not close: {}", e.toString());
    }
  }
}
