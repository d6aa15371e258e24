package dev.raccoon.egress;

import dev.raccoon.value.Sha256;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** A request passed on to a host, and its answer passed back, both as streams. */
final class Forward {
  private final Exchange exchange;
  private final HttpServerRequest inside;
  private final HttpClientRequest outside;
  private final Copying request;
  private final Copying answer;
  private final Optional<Buffer> body;

  private interface Copying {
    void copy(MultiMap from, MultiMap to);
  }

  private Forward(
      Exchange exchange,
      HttpClientRequest outside,
      Copying request,
      Copying answer,
      Optional<Buffer> body) {
    this.body = body;
    this.exchange = exchange;
    this.request = request;
    this.answer = answer;
    this.inside = exchange.request();
    this.outside = outside;
    exchange.onCut(() -> {
      var _ = outside.connection().close();
    });
  }

  /**
   * To a host, by {@code outside}, of which nothing is sent yet; {@code body} if the request's was
   * read already.
   */
  static Forward toHost(Exchange exchange, HttpClientRequest outside, Optional<Buffer> body) {
    return new Forward(exchange, outside, Headers::copyRequest, Headers::copyAnswer, body);
  }

  /**
   * To a mirror of the operator's, with credentials perhaps: nothing but a clone's own headers goes
   * there, and no session comes back.
   */
  static Forward toMirror(Exchange exchange, HttpClientRequest outside) {
    return new Forward(
        exchange, outside, Headers::copyOfClone, Headers::copyOfClone, Optional.empty());
  }

  /** Answers the status that came. */
  int pass() throws IOException, InterruptedException {
    try {
      request.copy(inside.headers(), outside.headers());
      // In one turn of the event loop: Vert.x tells nobody of a connection that ends before an
      // answer has its handlers, and throws away what had come of a long one.
      return exchange.waiting().on(() -> send().compose(this::answer));
    } finally {
      var _ = outside.connection().close();
    }
  }

  /** Begins to, and answers how it is answered: a host may do so before it has everything. */
  private Future<HttpClientResponse> send() {
    Future<HttpClientResponse> answer =
        outside
            .response()
            .map(response -> {
              response.pause();
              return response;
            });
    if (body.isPresent()) {
      var _ = outside.end(body.get());
    } else if (exchange.hasBody()) {
      sendBody();
    } else {
      inside.resume();
      var _ = outside.end();
    }
    return answer;
  }

  private void sendBody() {
    String length = inside.getHeader("Content-Length");
    if (length == null) {
      outside.setChunked(true);
    } else {
      outside.putHeader("Content-Length", length);
    }
    if (inside.headers().contains("Expect", "100-continue", true)) {
      var _ = inside.response().writeContinue();
    }
    var _ =
        Pump.run(inside, outside, exchange::out)
            .compose(sent -> outside.end())
            .onFailure(trouble -> outside.reset());
  }

  private Future<Integer> answer(HttpClientResponse from) {
    HttpServerResponse to = inside.response();
    to.setStatusCode(from.statusCode()).setStatusMessage(from.statusMessage());
    answer.copy(from.headers(), to.headers());
    String length = from.getHeader("Content-Length");
    if (length != null) {
      to.putHeader("Content-Length", length);
    } else if (hasBody(from.statusCode())) {
      to.setChunked(true);
    }
    Optional<MessageDigest> digest =
        hasBody(from.statusCode()) ? Optional.of(Sha256.newDigest()) : Optional.empty();
    AtomicLong left = new AtomicLong(length == null ? Long.MAX_VALUE : Long.parseLong(length));
    return Pump.run(from, to, piece -> take(piece, digest, left, from.statusCode()))
        .compose(all -> {
          exchange.answered(from.statusCode(), digest);
          return to.end();
        })
        .map(from.statusCode());
  }

  /** A client that counts may be gone before the end is seen here. */
  private void take(Buffer piece, Optional<MessageDigest> digest, AtomicLong left, int status) {
    exchange.in(piece);
    digest.ifPresent(each -> each.update(piece.getBytes()));
    if (left.addAndGet(-piece.length()) == 0) {
      exchange.answered(status, digest);
    }
  }

  private boolean hasBody(int status) {
    return !inside.method().equals(HttpMethod.HEAD) && status != 204 && status != 304;
  }
}
