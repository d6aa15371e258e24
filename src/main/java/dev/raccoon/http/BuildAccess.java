package dev.raccoon.http;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Who may ask for builds. A server that listens on loopback alone takes them from this machine's
 * own programs, but not through a proxy, and not from a page of another site in this machine's
 * browser. Beyond loopback nobody may, unless the operator says so.
 */
public final class BuildAccess {
  private static final List<String> FORWARDED =
      List.of(
          "Forwarded",
          "X-Forwarded-For",
          "X-Forwarded-Host",
          "X-Forwarded-Proto",
          "X-Real-IP",
          "Via");
  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "::1", "[::1]");

  private final boolean loopback;
  private final boolean open;

  /** Access to a server that listens on {@code host}; {@code open} lets anyone in. */
  public BuildAccess(String host, boolean open) {
    this.loopback = LOOPBACK.contains(host.toLowerCase(Locale.ROOT));
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
    if (FORWARDED.stream().anyMatch(name -> exchange.header(name).isPresent())) {
      throw new RefusedException(403, "Builds cannot be asked for through a proxy.");
    }
    if (!exchange.header("Host").map(BuildAccess::isLoopback).orElse(false)) {
      throw new RefusedException(403, "Builds must be asked for at this machine's own address.");
    }
  }

  private static boolean fromAnotherSite(Exchange exchange) {
    return exchange
        .header("Sec-Fetch-Site")
        .filter(site -> !site.equals("same-origin") && !site.equals("none"))
        .isPresent();
  }

  private static boolean isLoopback(String hostHeader) {
    String host = hostHeader.toLowerCase(Locale.ROOT).replaceFirst(":[0-9]+$", "");
    return LOOPBACK.contains(host);
  }
}
