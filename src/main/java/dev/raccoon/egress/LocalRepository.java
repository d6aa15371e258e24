package dev.raccoon.egress;

import dev.raccoon.value.Sha256;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A repository of the operator's on this machine, served by {@code git http-backend} for reading
 * alone.
 */
record LocalRepository(String target, GitService git) implements Mirror {
  /** What git's own clients ask for (gitprotocol-http), of plain segments only. */
  private static final Pattern SERVICE =
      Pattern.compile(
          "(?<repository>(/+(?!\\.\\.?(/|$))[0-9A-Za-z_~+@:,=.-]+)+)"
              + "(?:(?<refs>/info/refs)\\?service=git-upload-pack|(?<pack>/git-upload-pack))");

  private static final int BUFFER_BYTES = 64 << 10;

  @Override
  public int pass(Exchange exchange)
      throws RefusedException, OutsideException, IOException, InterruptedException {
    HttpServerRequest request = exchange.request();
    Matcher form = SERVICE.matcher(target);
    String method = request.method().name();
    if (!form.matches() || !method.equals(form.group("refs") == null ? "POST" : "GET")) {
      throw new RefusedException(
          exchange.where() + " is a mirror of Raccoon's operator: it can be cloned, nothing else.");
    }
    Process process = git.start(variables(request, form));
    exchange.onCut(() -> kill(process));
    try (InputStream output = new BufferedInputStream(process.getInputStream(), BUFFER_BYTES)) {
      send(exchange, process.getOutputStream());
      return answer(exchange, CgiHead.read(output), output);
    } finally {
      kill(process);
    }
  }

  private static Map<String, String> variables(HttpServerRequest request, Matcher form) {
    Map<String, String> variables = new HashMap<>();
    boolean refs = form.group("refs") != null;
    variables.put("GATEWAY_INTERFACE", "CGI/1.1");
    variables.put("SERVER_PROTOCOL", "HTTP/1.1");
    variables.put("REQUEST_METHOD", request.method().name());
    variables.put("GIT_HTTP_EXPORT_ALL", "1");
    variables.put("GIT_PROJECT_ROOT", form.group("repository"));
    variables.put("PATH_INFO", refs ? form.group("refs") : form.group("pack"));
    variables.put("QUERY_STRING", refs ? "service=git-upload-pack" : "");
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

  /** Begins to, on a thread of its own: git may answer before it has everything. */
  private static void send(Exchange exchange, OutputStream input) {
    HttpServerRequest request = exchange.request();
    if (request.headers().contains("Expect", "100-continue", true)) {
      var _ = request.response().writeContinue();
    }
    BodyStream body = new BodyStream(request);
    var _ =
        Thread.startVirtualThread(() -> {
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
