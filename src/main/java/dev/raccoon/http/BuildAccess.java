package dev.raccoon.http;

import dev.raccoon.access.Caller;
import dev.raccoon.access.Scope;
import dev.raccoon.value.AddressRange;
import dev.raccoon.value.IpAddress;
import dev.raccoon.value.PackageName;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Who may ask for builds. The holder of a token for it may, from anywhere. Without one: a server
 * that listens on loopback alone takes them from this machine's own programs, but not through a
 * proxy. Beyond loopback nobody may, unless the operator says so. Pages of other sites are refused
 * by {@link OtherSites} before.
 *
 * <p>A proxy that adds no header of its own and calls the server by its loopback address, and is
 * none of the trusted ones, cannot be told from a program of this machine.
 */
public final class BuildAccess {
  private final boolean loopback;
  private final boolean open;
  private final TrustedProxies proxies;
  private final Predicate<String> isPrivate;

  /**
   * Access to a server that listens on {@code host}; {@code open} lets anyone in, {@code proxies}
   * speak for others, {@code isPrivate} tells of a namespace whether it is kept from those who may
   * not read it.
   */
  public BuildAccess(
      String host, boolean open, List<AddressRange> proxies, Predicate<String> isPrivate) {
    this.loopback = Loopback.isNamed(host);
    this.open = open;
    this.proxies = new TrustedProxies(proxies);
    this.isPrivate = isPrivate;
  }

  /**
   * Refuses {@code exchange} if its sender may ask for no build whatever. Comes before its body is
   * looked at.
   */
  public void check(Exchange exchange) {
    if (exchange.caller() instanceof Caller.Anonymous) {
      refusal(exchange)
          .ifPresent(refused -> {
            throw refused;
          });
    }
  }

  /** Refuses {@code exchange} unless its sender may ask for builds of {@code name}. */
  public void check(Exchange exchange, PackageName name) {
    Caller caller = exchange.caller();
    if (caller.may(Scope.BUILD, name.namespace())) {
      return;
    }
    Optional<RefusedException> refusal = refusal(exchange);
    if (caller instanceof Caller.Holder && (refusal.isPresent() || reads(caller, name))) {
      throw new RefusedException(
          403,
          "This token is not for builds in "
              + name.namespace()
              + ": ask for one that is, made with --scope build.");
    }
    refusal.ifPresent(refused -> {
      throw refused;
    });
    if (isPrivate.test(name.namespace())) {
      // As if it were one of our own, and not somebody's.
      throw PackageName.reserved(name.namespace());
    }
  }

  private boolean reads(Caller caller, PackageName name) {
    return caller.may(Scope.READ, name.namespace()) && isPrivate.test(name.namespace());
  }

  /** Why somebody without a token may not send {@code exchange}, if so. */
  private Optional<RefusedException> refusal(Exchange exchange) {
    if (open) {
      return Optional.empty();
    }
    if (!loopback) {
      return refused(
          401,
          "To ask for builds here, send a token: the server's operator makes one with"
              + " bin/raccoon token create --scope build.");
    }
    if (ProxyHeaders.areIn(exchange.headers()) || isProxy(exchange)) {
      return refused(403, "Builds cannot be asked for through a proxy without a token.");
    }
    // Another site's name may lead to this machine's loopback address: DNS rebinding.
    if (!exchange.header("Host").map(BuildAccess::isLoopbackAuthority).orElse(false)) {
      return refused(403, "Without a token, ask for builds at this machine's own address.");
    }
    return Optional.empty();
  }

  /** It has said nothing of whom it speaks for. */
  private boolean isProxy(Exchange exchange) {
    return IpAddress.parse(exchange.address()).filter(proxies::contains).isPresent();
  }

  private static Optional<RefusedException> refused(int status, String sentence) {
    return Optional.of(new RefusedException(status, sentence));
  }

  /** A Host header: a name or an address, an IPv6 one in brackets, and perhaps a port. */
  private static boolean isLoopbackAuthority(String authority) {
    String host = authority.replaceFirst(":[0-9]*$", "");
    return host.startsWith("[") == host.contains(":") && Loopback.isNamed(host);
  }
}
