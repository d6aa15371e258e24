package dev.raccoon.http;

import dev.raccoon.config.Settings;
import dev.raccoon.value.IpAddress;
import io.github.bucket4j.TimeMeter;
import io.vertx.core.http.HttpMethod;
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
  private final boolean loopbackOnly;
  private final OtherSites otherSites;
  private final BodyBudget bodies = new BodyBudget();
  private final SecurityHeaders headers;
  private final Function<String, Traffic> traffic;

  /** {@code traffic} tells by its path what a request costs. */
  FrontDoor(Settings.Http settings, Function<String, Traffic> traffic) {
    this.proxies = new TrustedProxies(settings.clients().trustedProxies());
    this.connections = new Connections(settings.clients(), proxies);
    this.rates = new RateLimits(settings.clients(), TimeMeter.SYSTEM_NANOTIME);
    this.loopbackOnly = Loopback.isNamed(settings.host());
    this.otherSites = new OtherSites(settings.publicUrl());
    this.headers = new SecurityHeaders(settings.publicUrl());
    this.traffic = traffic;
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

  /** The place in memory that a body of {@code client} takes. */
  BodyBudget.Held body(ClientKey client) {
    return bodies.of(client);
  }

  SecurityHeaders headers() {
    return headers;
  }

  private Optional<Answer> tooMany(HttpServerRequest request) {
    ClientAddress client = client(request);
    Traffic cost = cost(request);
    return isOfThisMachine(request)
        ? rates.buildsRefusal(client, cost)
        : rates.refusal(client, cost);
  }

  /** Builds are asked for by POST alone; any page can have its visitors' browsers send a GET. */
  private Traffic cost(HttpServerRequest request) {
    // A route answers with a slash behind it as well.
    String path = String.valueOf(request.path()).replaceFirst("(?<=.)/$", "");
    return request.method().equals(HttpMethod.POST) ? traffic.apply(path) : Traffic.READ;
  }

  /** A proxy on this machine speaks for others, whether it is trusted or not. */
  private boolean isOfThisMachine(HttpServerRequest request) {
    InetAddress peer = address(request.remoteAddress());
    return loopbackOnly
        && peer.isLoopbackAddress()
        && !proxies.contains(peer)
        && !ProxyHeaders.areIn(request.headers());
  }

  /** A link-local address has its interface behind it. */
  private static InetAddress address(SocketAddress peer) {
    String literal = String.valueOf(peer.hostAddress()).replaceFirst("%.*", "");
    return IpAddress.parse(literal)
        .orElseThrow(() -> new IllegalStateException("a connection from " + literal));
  }
}
