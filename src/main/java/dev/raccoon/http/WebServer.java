package dev.raccoon.http;

import dev.raccoon.value.InvalidValueException;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP server. Event loops read requests and write answers and do nothing else; every {@link
 * Endpoint} runs as plain blocking code on a virtual thread of its own.
 */
public final class WebServer implements AutoCloseable {
  /** Of a request's body. */
  public static final int MAX_BODY_BYTES = 1 << 20;

  private static final Logger log = LoggerFactory.getLogger(WebServer.class);
  private static final int MAX_LINE_BYTES = 8 * 1024;
  private static final int MAX_HEADER_BYTES = 32 * 1024;
  private static final int START_SECONDS = 10;

  private final Vertx vertx;
  private final int port;

  private WebServer(Vertx vertx, int port) {
    this.vertx = vertx;
    this.port = port;
  }

  /**
   * Starts to listen.
   *
   * @param port 0 takes a free one
   * @throws IOException when the address cannot be listened on
   */
  public static WebServer start(String host, int port, List<Route> routes) throws IOException {
    Vertx vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(Runtime.getRuntime().availableProcessors())
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setFileCachingEnabled(false)
                        .setClassPathResolvingEnabled(false)));
    SocketAddress address =
        port == 0
            ? SocketAddress.sharedRandomPort(1, host)
            : SocketAddress.inetSocketAddress(port, host);
    HttpServerOptions options =
        new HttpServerOptions()
            // HTTP/1.1 alone: what needs more stands behind a proxy, which speaks it.
            .setHttp2ClearTextEnabled(false)
            .setMaxInitialLineLength(MAX_LINE_BYTES)
            .setMaxHeaderSize(MAX_HEADER_BYTES);
    AtomicInteger bound = new AtomicInteger();
    Future<String> deployed =
        vertx.deployVerticle(
            () -> new Listener(options, address, routes, bound),
            new DeploymentOptions().setInstances(Runtime.getRuntime().availableProcessors()));
    try {
      deployed.toCompletionStage().toCompletableFuture().get(START_SECONDS, TimeUnit.SECONDS);
      return new WebServer(vertx, bound.get());
    } catch (ExecutionException | TimeoutException e) {
      closed(vertx);
      throw new IOException("cannot listen on " + host + ":" + port, e);
    } catch (InterruptedException e) {
      closed(vertx);
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** The port that is listened on. */
  public int port() {
    return port;
  }

  @Override
  public void close() {
    closed(vertx);
  }

  private static void closed(Vertx vertx) {
    try {
      vertx.close().toCompletionStage().toCompletableFuture().get(START_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      log.warn("The HTTP server did not close: {}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static final class Listener extends VerticleBase {
    private final HttpServerOptions options;
    private final SocketAddress address;
    private final List<Route> routes;
    private final AtomicInteger bound;

    Listener(
        HttpServerOptions options, SocketAddress address, List<Route> routes, AtomicInteger bound) {
      this.options = options;
      this.address = address;
      this.routes = routes;
      this.bound = bound;
    }

    @Override
    public Future<HttpServer> start() {
      return vertx
          .createHttpServer(options)
          .requestHandler(router())
          .invalidRequestHandler(request -> {
            request.response().setStatusCode(400);
            new Sender(request)
                .send(Envelope.bad(400, "This is no HTTP request that can be read."));
            var _ = request.connection().close();
          })
          .listen(address)
          .onSuccess(server -> bound.set(server.actualPort()));
    }

    private Router router() {
      Router router = Router.router(vertx);
      for (Route route : routes) {
        router
            .route(HttpMethod.valueOf(route.method()), route.path())
            .handler(context -> receive(context, route.endpoint()));
        if (route.method().equals("GET")) {
          router
              .route(HttpMethod.HEAD, route.path())
              .handler(context -> receive(context, route.endpoint()));
        }
      }
      refuse(router, 400, "The path is not percent-encoded UTF-8.");
      refuse(router, 404, "There is nothing at this path.");
      refuse(router, 405, "This path does not take that method.");
      refuse(router, 500, "An error of the server's; its operator finds it in its log.");
      return router;
    }

    private static void refuse(Router router, int status, String sentence) {
      router.errorHandler(
          status,
          context -> {
            if (context.failure() != null && status == 500) {
              log.error("A request failed before it was handled", context.failure());
            }
            new Sender(context.request()).send(Envelope.bad(status, sentence));
          });
    }

    private static void receive(RoutingContext context, Endpoint endpoint) {
      new BodyReader(context.request())
          .read(body -> {
            Optional<String> id = Optional.ofNullable(context.pathParam("id"));
            Thread.ofVirtual().name("request").start(() -> handle(context, id, body, endpoint));
          });
    }

    private static void handle(
        RoutingContext context, Optional<String> id, byte[] body, Endpoint endpoint) {
      var request = context.request();
      Answer answer;
      try {
        answer =
            endpoint.answer(
                new Exchange(
                    request.method().name(),
                    String.valueOf(request.path()),
                    id,
                    QueryString.first(request.query()),
                    request.headers(),
                    body));
      } catch (InvalidValueException e) {
        answer = Envelope.bad(400, String.valueOf(e.getMessage()));
      } catch (RefusedException e) {
        answer = e.answer();
      } catch (Exception | StackOverflowError e) {
        log.error("{} {} failed", request.method(), request.path(), e);
        answer = Envelope.bad(500, "An error of the server's; its operator finds it in its log.");
      }
      new Sender(request).send(answer);
    }
  }
}
