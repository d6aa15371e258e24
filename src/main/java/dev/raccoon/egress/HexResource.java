package dev.raccoon.egress;

import dev.raccoon.cache.FileCache;
import dev.raccoon.cache.FileCache.Entry;
import dev.raccoon.value.Sha256;
import io.vertx.core.Future;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A file of a Hex mirror's: from the cache when the mirror says that it is still the same, else
 * fetched into the cache first. The mirror is asked with our own headers alone, so that no build
 * decides what another one gets.
 *
 * @param url what the cache knows it by
 */
record HexResource(String url, MirrorSite site, FileCache cache) {
  /** A tarball has 16 MiB at most, the list of all packages a few. */
  private static final long MAX_BYTES = 256L << 20;

  /** Which versions of Hex itself there are, a line each: mix asks for it in every build. */
  private static final String HEX_VERSIONS = "/installs/hex-1.x.csv";

  private static final int OK = 200;
  private static final int NOT_MODIFIED = 304;

  /** Passes the request of {@code exchange} there, and answers the status that came of it. */
  int pass(Exchange exchange)
      throws RefusedException, OutsideException, IOException, InterruptedException {
    exchange.request().resume();
    Optional<Entry> kept = cache.find(url);
    HttpClientRequest request = site.request(exchange, HttpMethod.GET);
    exchange.onCut(() -> {
      var _ = request.connection().close();
    });
    try {
      request.putHeader("User-Agent", "Raccoon");
      kept.ifPresent(entry -> request.putHeader("If-None-Match", entry.validator()));
      HttpClientResponse answer = exchange.waiting().on(() -> send(request));
      if (answer.statusCode() == NOT_MODIFIED && kept.isPresent()) {
        exchange.in(kept.get().sizeBytes());
        return serve(exchange, kept.get().file(), kept.get().digest());
      }
      return answer.statusCode() == OK
          ? fetch(exchange, answer)
          : refuse(exchange, answer.statusCode());
    } finally {
      var _ = request.connection().close();
    }
  }

  private static Future<HttpClientResponse> send(HttpClientRequest request) {
    Future<HttpClientResponse> answer =
        request
            .response()
            .map(response -> {
              response.pause();
              return response;
            });
    var _ = request.end();
    return answer;
  }

  /**
   * The whole of it, and only then a byte of it to the client: what is cut off is kept by nobody.
   */
  private int fetch(Exchange exchange, HttpClientResponse answer)
      throws IOException, InterruptedException {
    Path draft = cache.draft();
    try {
      Sha256 digest = write(exchange, answer, draft);
      String validator = answer.getHeader("ETag");
      Optional<Entry> kept =
          validator != null && tellsItsEnd(answer)
              ? cache.keep(url, draft, digest, validator)
              : Optional.empty();
      return serve(exchange, kept.map(Entry::file).orElse(draft), digest);
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  /** Otherwise its end is that of the connection, which may have come too early. */
  private static boolean tellsItsEnd(HttpClientResponse answer) {
    return answer.getHeader("Content-Length") != null
        || answer.headers().contains("Transfer-Encoding", "chunked", true);
  }

  private static Sha256 write(Exchange exchange, HttpClientResponse from, Path draft)
      throws IOException, InterruptedException {
    MessageDigest digest = Sha256.newDigest();
    AtomicLong bytes = new AtomicLong();
    exchange
        .waiting()
        .on(() ->
            exchange
                .fileSystem()
                .open(draft.toString(), new OpenOptions().setCreateNew(true).setWrite(true))
                .compose(file ->
                    closed(
                        file,
                        Pump.run(
                            from,
                            file,
                            piece -> {
                              exchange.in(piece);
                              digest.update(piece.getBytes());
                              if (bytes.addAndGet(piece.length()) > MAX_BYTES) {
                                throw new Meter.OverException(
                                    "A file of a Hex mirror has at most " + MAX_BYTES + " bytes.");
                              }
                            }))));
    return Sha256.of(digest);
  }

  private static Future<Void> closed(AsyncFile file, Future<Void> written) {
    return written.eventually(file::close);
  }

  /** rebar3 takes no tarball without an ETag, so that each gets one whatever the mirror says. */
  private static int serve(Exchange exchange, Path file, Sha256 digest)
      throws IOException, InterruptedException {
    HttpServerRequest request = exchange.request();
    HttpServerResponse response = request.response();
    String tag = "\"" + digest + "\"";
    response.putHeader("ETag", tag).putHeader("Content-Type", "application/octet-stream");
    boolean same = tag.equals(request.getHeader("If-None-Match"));
    if (same || request.method().equals(HttpMethod.HEAD)) {
      int status = same ? NOT_MODIFIED : OK;
      response.setStatusCode(status);
      if (!same) {
        response.putHeader("Content-Length", Long.toString(Files.size(file)));
      }
      exchange.answered(status, Optional.empty());
      exchange.waiting().on(response::end);
      return status;
    }
    exchange.answered(digest);
    exchange.waiting().on(() -> response.sendFile(file.toString()));
    return OK;
  }

  /**
   * The mirror's own pages are nothing for a build's log. A mirror without versions of Hex itself
   * has no newer one: that is no error for Hex to print into each.
   */
  private int refuse(Exchange exchange, int status)
      throws OutsideException, IOException, InterruptedException {
    if (status >= 500 || status == 429) {
      throw new OutsideException(
          502, true, "The mirror of Hex answers with status " + status + ".");
    }
    if (status != 404 && status != 410 && status != 403) {
      throw new OutsideException(
          502,
          false,
          "The mirror of Hex answers with status " + status + ", and not with the file.");
    }
    return url.endsWith(HEX_VERSIONS)
        ? answer(exchange, OK, "")
        : answer(exchange, status, "The mirror of Hex does not have this.\n");
  }

  private static int answer(Exchange exchange, int status, String text)
      throws IOException, InterruptedException {
    HttpServerResponse response = exchange.request().response();
    response.setStatusCode(status);
    exchange.answered(status, Optional.empty());
    exchange.waiting().on(() -> response.end(text));
    return status;
  }
}
