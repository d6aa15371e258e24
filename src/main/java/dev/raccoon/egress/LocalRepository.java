package dev.raccoon.egress;

import dev.raccoon.value.Sha256;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A repository on this machine, the operator's or a copy of ours, served by {@code git
 * http-backend} for reading alone.
 */
record LocalRepository(GitRequest asked, GitService git, GitPlaces places) implements Mirror {
  private static final int BUFFER_BYTES = 64 << 10;

  /** A first packet (gitprotocol-common) that is nothing but an error. */
  private static final Pattern ERROR = Pattern.compile("[0-9a-f]{4}ERR ");

  @Override
  public int pass(Exchange exchange) throws IOException, InterruptedException {
    return call(
        exchange,
        process -> {
          try (InputStream output = output(process)) {
            Thread sender = send(exchange, process.getOutputStream());
            try {
              return answer(exchange, CgiHead.read(output), output);
            } finally {
              // It may wait for a body that never comes.
              sender.interrupt();
            }
          }
        });
  }

  /** How a copy served. */
  sealed interface Served {
    /** All that git said was passed back; {@code whole} unless git failed at the end of it. */
    record Answered(int status, boolean whole) implements Served {}

    /** Nothing was passed back: the copy does not have what is wanted. */
    record NotThere() implements Served {}

    /** Nothing was passed back: git could not read the copy. */
    record Failed() implements Served {}
  }

  /** Serves a copy, if it can be, to the request of {@code exchange}, which had {@code body}. */
  Served serve(Exchange exchange, Buffer body) throws IOException, InterruptedException {
    return call(
        exchange,
        process -> {
          Thread sender = send(body, process.getOutputStream());
          try (BufferedInputStream output = output(process)) {
            Optional<CgiHead> head = head(exchange, output);
            if (head.isEmpty() || head.get().status() != 200) {
              return new Served.Failed();
            }
            String first = first(output);
            if (first.isEmpty() || ERROR.matcher(first).lookingAt()) {
              return first.isEmpty() ? new Served.Failed() : new Served.NotThere();
            }
            int status = answer(exchange, head.get(), output);
            return new Served.Answered(status, process.waitFor() == 0 || exchange.isOver());
          } finally {
            sender.interrupt();
          }
        });
  }

  private interface Work<T> {
    T with(Process process) throws IOException, InterruptedException;
  }

  private <T> T call(Exchange exchange, Work<T> work) throws IOException, InterruptedException {
    places.take(exchange);
    try {
      return PlatformThread.call(
          "git-mirror",
          () -> {
            Process process = git.start(variables(exchange.request()));
            exchange.onCut(() -> kill(process));
            try {
              return work.with(process);
            } finally {
              kill(process);
            }
          });
    } finally {
      places.leave();
    }
  }

  private static BufferedInputStream output(Process process) {
    return new BufferedInputStream(process.getInputStream(), BUFFER_BYTES);
  }

  private static Optional<CgiHead> head(Exchange exchange, InputStream output) throws IOException {
    try {
      return Optional.of(CgiHead.read(output));
    } catch (IOException e) {
      if (exchange.isOver()) {
        throw e;
      }
      return Optional.empty();
    }
  }

  /** As much of what comes first as shows what it is; it is read again. */
  private static String first(BufferedInputStream output) throws IOException {
    int length = "0000ERR ".length();
    output.mark(length);
    String first = new String(output.readNBytes(length), StandardCharsets.ISO_8859_1);
    output.reset();
    return first;
  }

  private Map<String, String> variables(HttpServerRequest request) {
    Map<String, String> variables = new HashMap<>();
    variables.put("GATEWAY_INTERFACE", "CGI/1.1");
    variables.put("SERVER_PROTOCOL", "HTTP/1.1");
    variables.put("REQUEST_METHOD", request.method().name());
    variables.put("GIT_HTTP_EXPORT_ALL", "1");
    variables.put("GIT_PROJECT_ROOT", asked.repository());
    variables.put("PATH_INFO", asked.service());
    variables.put("QUERY_STRING", asked.query());
    put(variables, "CONTENT_TYPE", request.getHeader("Content-Type"));
    put(variables, "CONTENT_LENGTH", request.getHeader("Content-Length"));
    put(variables, "HTTP_CONTENT_ENCODING", request.getHeader("Content-Encoding"));
    String protocol = request.getHeader("Git-Protocol");
    if (protocol != null && protocol.matches("[0-9a-z=:]{1,100}")) {
      put(variables, "GIT_PROTOCOL", protocol);
    }
    return variables;
  }

  private static void put(
      Map<String, String> variables, String name, @org.jspecify.annotations.Nullable String value) {
    if (value != null) {
      variables.put(name, value);
    }
  }

  private static Thread send(Buffer body, OutputStream input) {
    return PlatformThread.start(
        "git-copy-input",
        () -> {
          try (input) {
            input.write(body.getBytes());
          } catch (IOException e) {
            // git has ended: its answer says so.
          }
        });
  }

  /** Begins to, on a thread of its own: git may answer before it has everything. */
  private static Thread send(Exchange exchange, OutputStream input) {
    HttpServerRequest request = exchange.request();
    if (request.headers().contains("Expect", "100-continue", true)) {
      var _ = request.response().writeContinue();
    }
    BodyStream body = new BodyStream(request);
    return PlatformThread.start(
        "git-mirror-input",
        () -> {
          try (input) {
            for (Buffer piece = body.next(); piece.length() > 0; piece = body.next()) {
              exchange.out(piece);
              input.write(piece.getBytes());
            }
          } catch (IOException | Meter.OverException e) {
            // git has ended, or the exchange was cut: its answer says so.
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private static int answer(Exchange exchange, CgiHead head, InputStream output)
      throws IOException, InterruptedException {
    HttpServerResponse response = exchange.request().response();
    response.setStatusCode(head.status()).setChunked(true);
    head.headers().forEach(response::putHeader);
    MessageDigest digest = Sha256.newDigest();
    byte[] buffer = new byte[BUFFER_BYTES];
    for (int n = output.read(buffer); n >= 0; n = output.read(buffer)) {
      Buffer piece = Buffer.buffer(n).appendBytes(buffer, 0, n);
      exchange.in(piece);
      digest.update(buffer, 0, n);
      exchange.waiting().on(() -> response.write(piece));
    }
    exchange.answered(head.status(), Optional.of(digest));
    exchange.waiting().on(response::end);
    return head.status();
  }

  private static void kill(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
