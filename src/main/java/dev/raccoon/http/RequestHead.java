package dev.raccoon.http;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What is looked at in a request's first lines before anything else: RFC 9112 section 3. */
final class RequestHead {
  static final int MAX_FIELDS = 100;

  private static final Set<HttpMethod> WITHOUT_BODY =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.DELETE);
  private static final Pattern HOST =
      Pattern.compile("(?:[A-Za-z0-9._-]{1,255}|\\[[0-9A-Fa-f:.]{2,45}])(?::[0-9]{0,5})?");
  private static final Pattern ABSOLUTE =
      Pattern.compile("https?://([^/?#]*)[/?#].*", Pattern.CASE_INSENSITIVE);

  private final HttpServerRequest request;

  private RequestHead(HttpServerRequest request) {
    this.request = request;
  }

  /** Why {@code request} is not answered, if its head is not in order. */
  static Optional<Answer> refusal(HttpServerRequest request) {
    RequestHead head = new RequestHead(request);
    return head.tooManyFields()
        .or(head::wrongHost)
        .or(head::wrongTarget)
        .or(head::wrongPath)
        .or(head::needlessBody);
  }

  private Optional<Answer> tooManyFields() {
    int fields = 0;
    for (Map.Entry<String, String> _ : request.headers()) {
      fields++;
    }
    return fields > MAX_FIELDS
        ? refused(431, "The request has more than " + MAX_FIELDS + " header fields.")
        : Optional.empty();
  }

  private Optional<Answer> wrongHost() {
    List<String> hosts = request.headers().getAll("Host");
    if (hosts.isEmpty()) {
      return request.version() == HttpVersion.HTTP_1_0
          ? Optional.empty()
          : refused(400, "The request has no Host header, which HTTP/1.1 asks for.");
    }
    if (hosts.size() > 1) {
      return refused(400, "The request has more than one Host header.");
    }
    return HOST.matcher(hosts.getFirst()).matches()
        ? Optional.empty()
        : refused(400, "The Host header is not a host's name or address, with its port perhaps.");
  }

  /** A path, or a whole address, which proxies send; it must be of the host that is named. */
  private Optional<Answer> wrongTarget() {
    String target = request.uri();
    if (target.indexOf('#') >= 0) {
      return refused(400, "The request's address has a # in it: leave out what follows it.");
    }
    if (target.startsWith("/")) {
      return Optional.empty();
    }
    var absolute = ABSOLUTE.matcher(target);
    return absolute.matches() && absolute.group(1).equalsIgnoreCase(request.getHeader("Host"))
        ? Optional.empty()
        : refused(400, "The request's address must be a path: this server is no proxy.");
  }

  private Optional<Answer> wrongPath() {
    return PlainPath.refusal(String.valueOf(request.path()));
  }

  private Optional<Answer> needlessBody() {
    boolean body =
        request.headers().contains("Transfer-Encoding")
            || !request.headers().getAll("Content-Length").stream()
                .allMatch(length -> length.matches("0+"));
    return body && WITHOUT_BODY.contains(request.method())
        ? refused(400, "A " + request.method() + " takes no body here: leave it out.")
        : Optional.empty();
  }

  private static Optional<Answer> refused(int status, String sentence) {
    return Optional.of(Envelope.bad(status, sentence));
  }
}
