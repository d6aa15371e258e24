package dev.raccoon.egress;

import dev.raccoon.config.Settings;
import dev.raccoon.value.CloneUrl;
import java.net.InetAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Where one door leads to. */
public final class EgressRules {
  private static final Comparator<Settings.Rewrite> LONGEST_FIRST =
      Comparator.comparingInt(rewrite -> -rewrite.prefix().length());

  private final List<HostPattern> hosts;
  private final List<Settings.Rewrite> rewrites;
  private final Optional<Way.Checked> only;
  private final Optional<HexMirror> hex;

  private EgressRules(
      List<HostPattern> hosts,
      List<Settings.Rewrite> rewrites,
      Optional<Way.Checked> only,
      Optional<HexMirror> hex) {
    this.hosts = hosts;
    this.rewrites = rewrites.stream().sorted(LONGEST_FIRST).toList();
    this.only = only;
    this.hex = hex;
  }

  /**
   * For a build's prepare step: the operator's mirrors first, then the hosts that {@code egress}
   * lists, those that may be cloned by name, and the host that the package itself is from.
   */
  public static EgressRules forBuild(
      Settings.Egress egress, Settings.Sources sources, CloneUrl own) {
    List<HostPattern> hosts =
        Stream.of(
                egress.hosts().stream(),
                sources.hosts().stream(),
                // With a port it counts only where the operator lists it.
                Stream.of(own).filter(url -> url.port() < 0).map(CloneUrl::host))
            .flatMap(each -> each)
            .map(HostPattern::new)
            .toList();
    return new EgressRules(hosts, sources.rewrites(), Optional.empty(), Optional.empty());
  }

  /** For a fetch of {@code url}: that host alone, at the addresses that were checked already. */
  public static EgressRules forFetch(CloneUrl url, List<InetAddress> checked) {
    int port = url.port() < 0 ? 443 : url.port();
    Way.Checked only = new Way.Checked(url.host(), port, List.copyOf(checked));
    return new EgressRules(List.of(), List.of(), Optional.of(only), Optional.empty());
  }

  /** The same, with {@code mirror} for what is asked of {@link HexMirror#HOST}. */
  public EgressRules with(HexMirror mirror) {
    return new EgressRules(hosts, rewrites, only, Optional.of(mirror));
  }

  /** Where a request for {@code destination} is sent. */
  Way way(Destination destination) throws RefusedException {
    if (only.isPresent()) {
      return only.filter(way -> way.isFor(destination)).orElseThrow(() -> notAllowed(destination));
    }
    if (hex.isPresent() && isHex(destination)) {
      return new Way.Hex(hex.get());
    }
    Optional<String> mirror =
        destination.target().isEmpty() ? Optional.empty() : mirror(destination);
    return mirror.isPresent() ? new Way.Mirror(mirror.get()) : direct(destination);
  }

  /** No tunnel: there is nobody at its other end. */
  private static boolean isHex(Destination destination) {
    return destination.host().equals(HexMirror.HOST)
        && destination.isHttpsPort()
        && !destination.target().isEmpty();
  }

  private Optional<String> mirror(Destination destination) {
    return rewrites.stream()
        .flatMap(rewrite -> rewrite.apply(destination.url()).stream())
        .findFirst();
  }

  private Way direct(Destination destination) throws RefusedException {
    if (hosts.stream().anyMatch(pattern -> pattern.names(destination))) {
      return new Way.Direct(destination.host(), destination.port(), true);
    }
    if (HostAddresses.isNoPublicName(destination.host())) {
      throw new BlockedException(
          "Raccoon lets builds connect to public hosts by their names alone, not to "
              + destination.host()
              + ".");
    }
    if (hosts.stream().noneMatch(pattern -> pattern.matches(destination))) {
      throw notAllowed(destination);
    }
    return new Way.Direct(destination.host(), destination.port(), false);
  }

  private BlockedException notAllowed(Destination destination) {
    return new BlockedException(
        "Raccoon does not let builds connect to "
            + destination.authority()
            + (only.isPresent()
                ? ": only the package's own host is fetched from."
                : ": its operator can allow it with RACCOON_EGRESS_HOSTS."));
  }

  /** A way out. */
  sealed interface Way {
    /** To a host whose addresses are still to be looked up; the operator's own may be private. */
    record Direct(String host, int port, boolean mayBePrivate) implements Way {}

    /** To a host at one of these addresses, as they were checked. */
    record Checked(String host, int port, List<InetAddress> addresses) implements Way {
      boolean isFor(Destination destination) {
        return destination.host().equals(host) && destination.port() == port;
      }
    }

    /** To an operator's own mirror, which is trusted: an absolute path or a URL. */
    record Mirror(String target) implements Way {}

    /** To the operator's mirror of Hex. */
    record Hex(HexMirror mirror) implements Way {}
  }
}
