package dev.raccoon.http;

import dev.raccoon.config.Clients;
import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many connections there are, in all and of each client, so that none can take the others'.
 * Thread-safe.
 */
final class Connections {
  private final int most;
  private final int mostEach;
  private final TrustedProxies proxies;
  private final AtomicInteger open = new AtomicInteger();
  private final Map<ClientKey, Integer> each = new ConcurrentHashMap<>();

  Connections(Clients clients, TrustedProxies proxies) {
    this.most = clients.connections();
    this.mostEach = clients.connectionsEach();
    this.proxies = proxies;
  }

  /** Whether one more may come from {@code peer}: then {@link #leave} must follow in the end. */
  boolean enter(InetAddress peer) {
    if (open.incrementAndGet() > most) {
      open.decrementAndGet();
      return false;
    }
    int its = proxies.contains(peer) ? 1 : each.merge(ClientKey.of(peer), 1, Integer::sum);
    if (its > mostEach) {
      leave(peer);
      return false;
    }
    return true;
  }

  void leave(InetAddress peer) {
    open.decrementAndGet();
    if (!proxies.contains(peer)) {
      each.computeIfPresent(ClientKey.of(peer), (key, count) -> count == 1 ? null : count - 1);
    }
  }
}
