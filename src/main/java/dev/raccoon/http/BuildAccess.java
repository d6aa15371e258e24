package dev.raccoon.http;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Set;

/**
 * Who may ask for builds. A server that listens on loopback alone takes them from this machine's
 * own programs, but not through a proxy, and not from a page of another site in this machine's
 * browser. Beyond loopback nobody may, unless the operator says so.
 *
 * <p>A proxy that adds no header of its own and calls the server by its loopback address cannot be
 * told from a program of this machine.
 */
public final class BuildAccess {
  private static final Set<String> PROXIES =
      Set.of("forwarded", "via", "x-real-ip", "x-client-ip", "true-client-ip", "cf-connecting-ip");

  private final boolean loopback;
  private final boolean open;

  /** Access to a server that listens on {@code host}; {@code open} lets anyone in. */
  public BuildAccess(String host, boolean open) {
    this.loopback = isLoopback(host);
    this.open = open;
  }

  /** Refuses {@code exchange} unless its sender may ask for builds. */
  public void check(Exchange exchange) {
    if (fromAnotherSite(exchange)) {
      throw new RefusedException(403, "Builds cannot be asked for from another site's page.");
    }
    if (open) {
      return;
    }
    if (!loopback) {
      throw new RefusedException(
          403,
          "This server can be reached from other machines, so it builds nothing on request;"
              + " its operator may set RACCOON_OPEN_BUILDS=true.");
    }
    if (exchange.headers().names().stream().anyMatch(BuildAccess::isOfProxy)) {
      throw new RefusedException(403, "Builds cannot be asked for through a proxy.");
    }
    // Another site's name may lead to this machine's loopback address: DNS rebinding.
    if (!exchange.header("Host").map(BuildAccess::isLoopbackAuthority).orElse(false)) {
      throw new RefusedException(403, "Builds must be asked for at this machine's own address.");
    }
  }

  /**
   * Browsers say of every request with a body which site's page it comes from: newer ones in
   * Sec-Fetch-Site, all of them in Origin. A form or a text needs no leave of ours to be sent here.
   */
  private static boolean fromAnotherSite(Exchange exchange) {
    boolean site =
        exchange.headers().getAll("Sec-Fetch-Site").stream()
            .anyMatch(value -> !value.equals("same-origin") && !value.equals("none"));
    String host = exchange.header("Host").orElse("");
    boolean origin =
        exchange.headers().getAll("Origin").stream()
            .anyMatch(value -> !value.replaceFirst("^https?://", "").equalsIgnoreCase(host));
    return site || origin;
  }

  private static boolean isOfProxy(String header) {
    String name = header.toLowerCase(Locale.ROOT);
    return PROXIES.contains(name) || name.startsWith("x-forwarded");
  }

  /** A Host header: a name or an address, an IPv6 one in brackets, and perhaps a port. */
  private static boolean isLoopbackAuthority(String authority) {
    String host = authority.replaceFirst(":[0-9]*$", "");
    return host.startsWith("[") == host.contains(":") && isLoopback(host);
  }

  private static boolean isLoopback(String host) {
    String name = host.toLowerCase(Locale.ROOT).replaceFirst("\\.$", "");
    if (name.equals("localhost")) {
      return true;
    }
    try {
      return InetAddress.ofLiteral(name.replaceFirst("^\\[(.*)]$", "$1")).isLoopbackAddress();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
