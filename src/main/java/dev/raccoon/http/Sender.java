package dev.raccoon.http;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.File;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes an answer; from any thread. */
final class Sender {
  private static final Logger log = LoggerFactory.getLogger(Sender.class);

  private final HttpServerRequest request;
  private final HttpServerResponse response;

  Sender(HttpServerRequest request) {
    this.request = request;
    this.response = request.response();
  }

  void send(Answer answer) {
    if (response.ended() || response.closed()) {
      return;
    }
    response.putHeader("X-Content-Type-Options", "nosniff");
    answer.headers().forEach(response::putHeader);
    Future<Void> sent =
        switch (answer) {
          case Answer.Bytes bytes -> bytes(bytes);
          case Answer.StoredFile file -> file(file);
        };
    sent.onFailure(lost -> log.debug("A client went away: {}", lost.toString()));
  }

  private Future<Void> bytes(Answer.Bytes answer) {
    response.setStatusCode(answer.status()).putHeader("Content-Type", answer.contentType());
    response.putHeader("Content-Length", Integer.toString(answer.body().length));
    return isHead() ? response.end() : response.end(Buffer.buffer(answer.body()));
  }

  private Future<Void> file(Answer.StoredFile answer) {
    File file = answer.file().toFile();
    long size = file.length();
    String etag = "\"" + answer.etag() + "\"";
    response.putHeader("ETag", etag).putHeader("Accept-Ranges", "bytes");
    if (EntityTags.match(request.getHeader("If-None-Match"), etag)) {
      return response.setStatusCode(304).end();
    }
    response.putHeader("Content-Type", answer.contentType());
    ByteRange range =
        ByteRange.of(request.getHeader("Range"), request.getHeader("If-Range"), etag, size);
    return switch (range) {
      case ByteRange.Whole() -> part(file, 200, 0, size);
      case ByteRange.Part(long first, long length) -> {
        response.putHeader(
            "Content-Range", "bytes " + first + "-" + (first + length - 1) + "/" + size);
        yield part(file, 206, first, length);
      }
      case ByteRange.Unsatisfiable() -> {
        response.putHeader("Content-Range", "bytes */" + size);
        yield response.setStatusCode(416).end();
      }
    };
  }

  private Future<Void> part(File file, int status, long first, long length) {
    response.setStatusCode(status).putHeader("Content-Length", Long.toString(length));
    return isHead() ? response.end() : response.sendFile(file.getPath(), first, length);
  }

  private boolean isHead() {
    return request.method().equals(HttpMethod.HEAD);
  }
}
