package dev.raccoon.http;

import dev.raccoon.access.Caller;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One event loop's share of the server's connections: reads requests and finds their endpoints. */
final class HttpListener extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(HttpListener.class);

  private static final int MAX_LINE_BYTES = 8 * 1024;
  private static final int MAX_HEADER_BYTES = 32 * 1024;

  private static final HttpServerOptions OPTIONS =
      new HttpServerOptions()
          // Without TLS in front no browser speaks it, and a file would be copied to be framed.
          .setHttp2ClearTextEnabled(false)
          .setMaxInitialLineLength(MAX_LINE_BYTES)
          .setMaxHeaderSize(MAX_HEADER_BYTES);

  private final FrontDoor door;
  private final SocketAddress address;
  private final Timeouts timeouts;
  private final List<Route> routes;
  private final EndpointThreads endpoints;
  private final AtomicInteger bound;
  private final Map<HttpConnection, ClientTimer> clients = new HashMap<>();

  /** Lets in what {@code door} lets in; {@code bound} is told the port that is listened on. */
  HttpListener(
      FrontDoor door,
      SocketAddress address,
      Timeouts timeouts,
      List<Route> routes,
      EndpointThreads endpoints,
      AtomicInteger bound) {
    this.door = door;
    this.address = address;
    this.timeouts = timeouts;
    this.routes = routes;
    this.endpoints = endpoints;
    this.bound = bound;
  }

  @Override
  public Future<HttpServer> start() {
    Router router = router();
    return vertx
        .createHttpServer(OPTIONS)
        .connectionHandler(this::connected)
        .requestHandler(request -> begin(request, router))
        .invalidRequestHandler(this::refuseUnreadable)
        .listen(address)
        .onSuccess(server -> bound.set(server.actualPort()));
  }

  private void connected(HttpConnection connection) {
    SocketAddress peer = connection.remoteAddress();
    if (!door.enter(peer)) {
      var _ = connection.close();
      return;
    }
    KnownVersions.check(connection);
    ClientTimer timer = new ClientTimer(vertx, connection, timeouts);
    clients.put(connection, timer);
    connection.closeHandler(closed -> {
      door.leave(peer);
      clients.remove(connection);
      timer.stop();
    });
  }

  /**
   * A client that takes in no answers gets no more of them: what it has asked for in advance waits
   * until it does, or until it is disconnected.
   */
  private void begin(HttpServerRequest request, Router router) {
    timer(request).began(request);
    if (request.response().writeQueueFull()) {
      request.pause();
      request
          .response()
          .drainHandler(drained -> {
            pass(request, router);
            request.resume();
          });
    } else {
      pass(request, router);
    }
  }

  private void pass(HttpServerRequest request, Router router) {
    door.refusal(request)
        .ifPresentOrElse(refusal -> sender(request).send(refusal), () -> router.handle(request));
  }

  private ClientTimer timer(HttpServerRequest request) {
    return clients.computeIfAbsent(
        request.connection(), connection -> new ClientTimer(vertx, connection, timeouts));
  }

  private void refuseUnreadable(HttpServerRequest request) {
    Throwable cause = request.decoderResult().cause();
    Answer refusal =
        switch (cause) {
          case TooLongHttpLineException line ->
              Envelope.bad(414, "The request's address is longer than 8 KiB.");
          case KnownVersions.UnknownVersionException version ->
              Envelope.bad(505, "This server speaks HTTP/1.1 and HTTP/1.0 only.");
          case TooLongHttpHeaderException headers ->
              Envelope.bad(431, "The request's headers are longer than 32 KiB.");
          case null, default -> Envelope.bad(400, "This is no HTTP request that can be read.");
        };
    sender(request).send(refusal.with("Connection", "close"));
    var _ = request.connection().close();
  }

  private Router router() {
    Router router = Router.router(vertx);
    for (Route route : routes) {
      handle(router, route.method(), route);
      if (route.method().equals("GET")) {
        handle(router, "HEAD", route);
      }
    }
    refuse(router, 400, "The path is not percent-encoded UTF-8.");
    refuse(router, 404, "There is nothing at this path.");
    refuse(router, 405, "This path does not take that method.");
    refuse(router, 500, EndpointThreads.OUR_ERROR);
    return router;
  }

  private void handle(Router router, String method, Route route) {
    router
        .route(HttpMethod.valueOf(method), route.path())
        .handler(context -> receive(context, route.endpoint()));
  }

  private void refuse(Router router, int status, String sentence) {
    router.errorHandler(
        status,
        context -> {
          if (context.failure() != null && status == 500) {
            log.error("A request failed before it was handled", context.failure());
          }
          Answer refusal = Envelope.bad(status, sentence);
          sender(context.request())
              .send(status == 405 ? refusal.with("Allow", methods(context)) : refusal);
        });
  }

  /** The methods that the routes of a path take, as RFC 9110 asks a 405 to tell. */
  private String methods(RoutingContext context) {
    String path = context.normalizedPath().replaceFirst("(?<=.)/$", "");
    return routes.stream()
        .filter(route -> route.isAt(path))
        .flatMap(route ->
            route.method().equals("GET") ? Stream.of("GET", "HEAD") : Stream.of(route.method()))
        .collect(Collectors.joining(", "));
  }

  private void receive(RoutingContext context, Endpoint endpoint) {
    HttpServerRequest request = context.request();
    Sender sender = sender(request);
    ClientAddress client = door.client(request);
    ClientKey key = ClientKey.of(client);
    BodyBudget.Held held = door.body(key);
    new BodyReader(request, held, sender)
        .read(body -> {
          timer(request).arrived();
          endpoints.run(
              endpoint, key, () -> exchange(context, client, body), sender, held::release);
        });
  }

  private static Exchange exchange(RoutingContext context, ClientAddress client, byte[] body) {
    HttpServerRequest request = context.request();
    return new Exchange(
        new Exchange.Target(
            request.method().name(),
            String.valueOf(request.path()),
            context.pathParams(),
            QueryString.first(request.query())),
        request.headers(),
        body,
        client.toString(),
        Caller.ANONYMOUS);
  }

  private Sender sender(HttpServerRequest request) {
    return new Sender(vertx, timeouts, door.headers(), request);
  }
}
