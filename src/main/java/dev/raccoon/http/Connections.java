package dev.raccoon.http;

import dev.raccoon.config.Clients;
import java.net.InetAddress;
import java.util.Optional;

/** How many connections there may be, in all and of each client; a trusted proxy may have all. */
final class Connections {
  private final Shares shares;
  private final TrustedProxies proxies;

  Connections(Clients clients, TrustedProxies proxies) {
    this.shares = new Shares(clients.connections(), clients.connectionsEach());
    this.proxies = proxies;
  }

  /** Whether one more may come from {@code peer}: then {@link #leave} must follow in the end. */
  boolean enter(InetAddress peer) {
    return shares.enter(client(peer)) == Shares.Entry.LET_IN;
  }

  void leave(InetAddress peer) {
    shares.leave(client(peer));
  }

  private Optional<ClientKey> client(InetAddress peer) {
    return proxies.contains(peer) ? Optional.empty() : Optional.of(ClientKey.of(peer));
  }
}
