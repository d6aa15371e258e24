package dev.raccoon.http;

import dev.raccoon.config.Settings;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP server. Event loops read requests and write answers and do nothing else; every {@link
 * Endpoint} runs as plain blocking code on a virtual thread of its own.
 */
public final class WebServer implements AutoCloseable {
  /** Of a request's body. */
  public static final int MAX_BODY_BYTES = 128 << 10;

  private static final Logger log = LoggerFactory.getLogger(WebServer.class);
  private static final int START_SECONDS = 10;

  private final Vertx vertx;
  private final EndpointThreads endpoints;
  private final int port;

  private WebServer(Vertx vertx, EndpointThreads endpoints, int port) {
    this.vertx = vertx;
    this.endpoints = endpoints;
    this.port = port;
  }

  /**
   * Starts to listen.
   *
   * @param traffic tells by its path what a request costs
   * @throws IOException when the address cannot be listened on
   */
  public static WebServer start(
      Settings.Http settings, List<Route> routes, Function<String, Traffic> traffic)
      throws IOException {
    return start(settings, routes, traffic, Timeouts.USUAL);
  }

  static WebServer start(
      Settings.Http settings,
      List<Route> routes,
      Function<String, Traffic> traffic,
      Timeouts timeouts)
      throws IOException {
    String host = settings.host();
    int port = settings.port();
    FrontDoor door = new FrontDoor(settings, traffic);
    Vertx vertx = Vertx.vertx(eventLoops());
    EndpointThreads endpoints = new EndpointThreads();
    // All event loops share one port, a free one too.
    SocketAddress address =
        port == 0
            ? SocketAddress.sharedRandomPort(1, host)
            : SocketAddress.inetSocketAddress(port, host);
    AtomicInteger bound = new AtomicInteger();
    Future<String> deployed =
        vertx.deployVerticle(
            () -> new HttpListener(door, address, timeouts, routes, endpoints, bound),
            new DeploymentOptions().setInstances(Runtime.getRuntime().availableProcessors()));
    try {
      deployed.toCompletionStage().toCompletableFuture().get(START_SECONDS, TimeUnit.SECONDS);
      return new WebServer(vertx, endpoints, bound.get());
    } catch (ExecutionException | TimeoutException e) {
      closed(vertx);
      throw new IOException(
          "RACCOON_HOST and RACCOON_PORT say "
              + host
              + ":"
              + port
              + ", which cannot be listened on",
          e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException e) {
      closed(vertx);
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static VertxOptions eventLoops() {
    return new VertxOptions()
        .setEventLoopPoolSize(Runtime.getRuntime().availableProcessors())
        .setFileSystemOptions(
            new FileSystemOptions()
                .setFileCachingEnabled(false)
                .setClassPathResolvingEnabled(false));
  }

  /** The port that is listened on. */
  public int port() {
    return port;
  }

  @Override
  public void close() {
    // Whoever waits in an endpoint is answered before the connections go.
    endpoints.close();
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
}
