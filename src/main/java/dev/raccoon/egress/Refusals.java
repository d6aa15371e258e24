package dev.raccoon.egress;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/** The proxy's own answers. */
final class Refusals {
  private Refusals() {}

  /**
   * Answers a sentence, which git shows its user, and in the status line too, which others show. A
   * connection whose request still has a body to come is closed after it.
   */
  static void answer(HttpServerRequest request, int status, String sentence) {
    HttpServerResponse response = request.response();
    // The length of an answer that did not come is not that of the sentence.
    response.headers().clear();
    response.setStatusCode(status).setStatusMessage(sentence);
    response.putHeader("Content-Type", "text/plain; charset=utf-8");
    if (status == 407) {
      response.putHeader("Proxy-Authenticate", "Basic realm=\"Raccoon\"");
    }
    if (!request.isEnded()) {
      response.putHeader("Connection", "close");
    }
    // Nobody reads its body: what still comes is thrown away, as long as the client may send.
    request.resume();
    var _ = response.end(sentence + "\n");
  }
}
