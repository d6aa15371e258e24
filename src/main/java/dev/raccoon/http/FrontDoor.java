package dev.raccoon.http;

import dev.raccoon.config.Settings;
import dev.raccoon.value.IpAddress;
import io.github.bucket4j.TimeMeter;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.util.Optional;
import java.util.function.Function;

/**
 * What every connection and every request passes before it is looked at any further, and what every
 * answer carries. All event loops share one.
 */
final class FrontDoor {
  private final TrustedProxies proxies;
  private final Connections connections;
  private final RateLimits rates;
  private final OtherSites otherSites;
  private final SecurityHeaders headers;
  private final Function<String, Traffic> traffic;

  /** {@code traffic} tells by its path what a request costs. */
  FrontDoor(Settings.Http settings, Function<String, Traffic> traffic) {
    this.proxies = new TrustedProxies(settings.clients().trustedProxies());
    this.connections = new Connections(settings.clients(), proxies);
    this.rates =
        new RateLimits(settings.clients(), isLoopback(settings.host()), TimeMeter.SYSTEM_NANOTIME);
    this.otherSites = new OtherSites(settings.publicUrl());
    this.headers = new SecurityHeaders(settings.publicUrl());
    this.traffic = traffic;
  }

  private static boolean isLoopback(String host) {
    return host.equalsIgnoreCase("localhost")
        || IpAddress.parse(host.replaceFirst("^\\[(.*)]$", "$1"))
            .filter(InetAddress::isLoopbackAddress)
            .isPresent();
  }

  /** Whether one more connection may come from {@code peer}; then it leaves in the end. */
  boolean enter(SocketAddress peer) {
    return connections.enter(address(peer));
  }

  void leave(SocketAddress peer) {
    connections.leave(address(peer));
  }

  /** Why {@code request} is not answered, if it is not. */
  Optional<Answer> refusal(HttpServerRequest request) {
    return RequestHead.refusal(request)
        .or(() -> otherSites.refusal(request.method(), request.headers()))
        .or(() -> tooMany(request));
  }

  /** Who sent {@code request}. */
  ClientAddress client(HttpServerRequest request) {
    return proxies.client(address(request.remoteAddress()), request.headers());
  }

  SecurityHeaders headers() {
    return headers;
  }

  private Optional<Answer> tooMany(HttpServerRequest request) {
    ClientAddress client = client(request);
    // A route answers with a slash behind it as well.
    String path = String.valueOf(request.path()).replaceFirst("(?<=.)/$", "");
    return rates.refusal(client, traffic.apply(path));
  }

  /** A link-local address has its interface behind it. */
  private static InetAddress address(SocketAddress peer) {
    String literal = String.valueOf(peer.hostAddress()).replaceFirst("%.*", "");
    return IpAddress.parse(literal)
        .orElseThrow(() -> new IllegalStateException("a connection from " + literal));
  }
}
