package dev.raccoon.http;

import dev.raccoon.config.Clients;
import dev.raccoon.config.Settings;
import dev.raccoon.testing.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/** Web servers with routes of a test's own, on a free loopback port. */
final class TestWeb {
  private TestWeb() {}

  static WebServer start(List<Route> routes) throws IOException {
    return start(routes, Timeouts.USUAL);
  }

  static WebServer start(List<Route> routes, Timeouts timeouts) throws IOException {
    return start(routes, timeouts, Clients.USUAL);
  }

  /** Requests to paths that begin with {@code /build} ask for builds. */
  static WebServer start(List<Route> routes, Timeouts timeouts, Clients clients)
      throws IOException {
    return start(routes, timeouts, http("127.0.0.1", Optional.empty(), clients));
  }

  static WebServer start(List<Route> routes, Timeouts timeouts, Settings.Http http)
      throws IOException {
    return WebServer.start(
        http, routes, path -> path.startsWith("/build") ? Traffic.BUILD : Traffic.READ, timeouts);
  }

  static WebServer startAt(String host) throws IOException {
    return start(List.of(), Timeouts.USUAL, http(host, Optional.empty(), Clients.USUAL));
  }

  /**
   * A client that was let in and answered, once there is place for it: the server may learn of a
   * connection's end a little after its client.
   */
  static RawClient letIn(WebServer web, String request) {
    return Patience.await(() -> tryIn(web, request));
  }

  private static Optional<RawClient> tryIn(WebServer web, String request) {
    try {
      RawClient client = new RawClient(web.port());
      try {
        var _ = client.send(request).reply();
        return Optional.of(client);
      } catch (IOException refused) {
        client.close();
        return Optional.empty();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Settings.Http http(String host, Optional<String> publicUrl, Clients clients) {
    return new Settings.Http(host, 0, publicUrl, false, clients);
  }
}
