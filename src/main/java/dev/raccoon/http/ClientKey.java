package dev.raccoon.http;

import dev.raccoon.access.Caller;
import dev.raccoon.value.AddressRange;
import java.net.Inet4Address;
import java.net.InetAddress;

/** What a client's requests are counted by. */
sealed interface ClientKey {
  /** An IPv4 address, or the 64 bits of an IPv6 address that one customer of a network is given. */
  record Network(AddressRange range) implements ClientKey {}

  /**
   * A token. Only one that was found to be good may be counted by: whoever makes tokens up would
   * never be limited.
   */
  record Token(String id) implements ClientKey {}

  /** Who sent {@code exchange}, by the token if there is one. */
  static ClientKey of(Exchange exchange) {
    return switch (exchange.caller()) {
      case Caller.Holder(var token) -> new Token(Long.toString(token.id()));
      case Caller.Anonymous _ -> of(InetAddress.ofLiteral(exchange.address()));
    };
  }

  static ClientKey of(ClientAddress client) {
    return of(client.address());
  }

  static ClientKey of(InetAddress address) {
    return new Network(new AddressRange(address, address instanceof Inet4Address ? 32 : 64));
  }

  /** The same for clients that are near one another: an IPv4 /16, an IPv6 /32. */
  default int neighbourhood() {
    return switch (this) {
      case Network(AddressRange range) ->
          new AddressRange(range.first(), range.first() instanceof Inet4Address ? 16 : 32)
              .hashCode();
      case Token(String id) -> id.hashCode();
    };
  }
}
