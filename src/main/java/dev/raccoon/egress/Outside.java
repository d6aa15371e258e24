package dev.raccoon.egress;

import dev.raccoon.egress.EgressRules.Way;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.TrustOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.net.ssl.SSLException;

/**
 * Connections to the outside, each to an address that was checked, each for one request: none is
 * shared between builds.
 */
final class Outside {
  private static final int MAX_ADDRESSES = 4;

  private final HttpClientAgent http;
  private final NetClient tunnels;
  private final Resolver resolver;

  Outside(Vertx vertx, TrustOptions trust, Resolver resolver, EgressLimits limits) {
    this.resolver = resolver;
    int connectMillis = Math.toIntExact(limits.connect().toMillis());
    this.http =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setTrustOptions(trust)
                .setVerifyHost(true)
                .setDecompressionSupported(false)
                .setMaxHeaderSize(EgressDoor.MAX_HEAD_BYTES)
                .setConnectTimeout(connectMillis)
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                .setSslHandshakeTimeout(limits.idle().toMillis())
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setIdleTimeout(Math.toIntExact(limits.idle().toMillis())));
    this.tunnels =
        vertx.createNetClient(
            new NetClientOptions()
                .setConnectTimeout(connectMillis)
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setIdleTimeout(Math.toIntExact(limits.idle().toMillis())));
  }

  /** Looks {@code way}'s host up, once, and checks what comes of it. */
  Way.Checked checked(Way.Direct way) throws RefusedException, OutsideException {
    List<InetAddress> addresses;
    try {
      addresses = resolver.resolve(way.host());
    } catch (UnknownHostException e) {
      boolean temporary = Resolver.isTemporary(e);
      throw new OutsideException(
          502,
          temporary,
          temporary
              ? "The address of " + way.host() + " cannot be looked up just now."
              : "The host " + way.host() + " has no address: is its name right?");
    }
    if (!way.mayBePrivate() && !addresses.stream().allMatch(HostAddresses::isPublic)) {
      throw new BlockedException(
          "Raccoon does not let builds connect to "
              + way.host()
              + ": it has a private address, and only public ones may be connected to.");
    }
    return new Way.Checked(way.host(), way.port(), addresses);
  }

  /** A tunnel, paused. */
  NetSocket tunnel(Way.Checked way, Waiting waiting) throws OutsideException, InterruptedException {
    return connected(
        way,
        waiting,
        address -> tunnels.connect(address).map(NetSocket::pause),
        late -> {
          var _ = late.close();
        });
  }

  /** A request, of which nothing is sent yet. */
  HttpClientRequest request(
      Way.Checked way, Waiting waiting, boolean tls, HttpMethod method, String target)
      throws OutsideException, InterruptedException {
    RequestOptions options =
        new RequestOptions()
            .setMethod(method)
            .setHost(way.host())
            .setPort(way.port())
            .setSsl(tls)
            .setURI(target);
    HttpConnectOptions connect =
        new HttpConnectOptions().setHost(way.host()).setPort(way.port()).setSsl(tls);
    return connected(
        way,
        waiting,
        address ->
            http.connect(new HttpConnectOptions(connect).setServer(address))
                .compose(connection ->
                    connection.request(options).onFailure(none -> connection.close())),
        late -> {
          var _ = late.connection().close();
        });
  }

  private <T> T connected(
      Way.Checked way,
      Waiting waiting,
      Function<SocketAddress, Future<T>> connect,
      Consumer<T> close)
      throws OutsideException, InterruptedException {
    for (InetAddress address : way.addresses().stream().limit(MAX_ADDRESSES).toList()) {
      try {
        SocketAddress to = socketAddress(address, way.port());
        return waiting.on(() -> connect.apply(to), close);
      } catch (IOException e) {
        if (waiting.isEnded()) {
          throw new OutsideException(502, false, "The request was ended.");
        }
        if (e.getCause() instanceof SSLException
            && !(e.getCause() instanceof SslHandshakeTimeoutException)) {
          throw new OutsideException(
              502,
              false,
              "The certificate of " + way.host() + " is not trusted here: " + reason(e));
        }
      }
    }
    throw new OutsideException(
        502, true, way.host() + " could not be connected to at port " + way.port() + ".");
  }

  private static String reason(IOException e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String text = String.valueOf(cause.getMessage()).replaceAll("[^\\x20-\\x7e]", " ").strip();
    return text.substring(0, Math.min(text.length(), 200)) + (text.endsWith(".") ? "" : ".");
  }

  /** By its bytes alone: what has no name cannot be looked up again. */
  private static SocketAddress socketAddress(InetAddress address, int port) {
    try {
      InetAddress bare = InetAddress.getByAddress(address.getAddress());
      return SocketAddress.inetSocketAddress(new InetSocketAddress(bare, port));
    } catch (UnknownHostException e) {
      throw new AssertionError("an address has the length of an address", e);
    }
  }
}
