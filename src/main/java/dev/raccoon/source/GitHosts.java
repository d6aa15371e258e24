package dev.raccoon.source;

import dev.raccoon.config.Settings;
import dev.raccoon.egress.HostAddresses;
import dev.raccoon.egress.Resolver;
import dev.raccoon.value.CloneUrl;
import dev.raccoon.value.InvalidValueException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Which repositories may be cloned, and from where: the operator's rewrites first (their targets
 * are trusted), then the list of allowed hosts, and never a private, loopback or link-local
 * address.
 */
public final class GitHosts {
  private static final Comparator<Settings.Rewrite> LONGEST_FIRST =
      Comparator.comparingInt(rewrite -> -rewrite.prefix().length());

  private final Settings.Sources settings;

  /** The rules of {@code settings}. */
  public GitHosts(Settings.Sources settings) {
    this.settings = settings;
  }

  /** Refuses, without asking the network, an address that may never be cloned. */
  public void check(CloneUrl url) {
    if (rewritten(url).isPresent()) {
      return;
    }
    if (!allowed(url)) {
      throw new InvalidValueException(
          url.host()
              + " may not be cloned here. Allowed: "
              + String.join(", ", settings.hosts())
              + ".");
    }
    boolean named = settings.hosts().contains(authority(url));
    if (url.port() >= 0 && url.port() != 443 && !named) {
      throw new InvalidValueException("clone_url must not name a port.");
    }
    if (!named && HostAddresses.isNoPublicName(url.host())) {
      throw new InvalidValueException(
          "clone_url must name a public code host, not " + url.host() + ".");
    }
  }

  /**
   * Whether what is fetched for {@code url} may be out of everybody else's reach: from an
   * operator's mirror, or from a place that may have a private address.
   */
  public boolean isReachedByUsAlone(CloneUrl url) {
    return rewritten(url).isPresent() || settings.hosts().contains(authority(url));
  }

  /**
   * Where {@code url} is fetched from, looked up now: git connects to the very addresses that were
   * checked.
   */
  Origin origin(CloneUrl url) {
    Optional<String> target = rewritten(url);
    if (target.isPresent()) {
      return new Origin.Mirror(url, target.get());
    }
    try {
      check(url);
    } catch (InvalidValueException e) {
      // Recorded under other settings.
      return new Origin.Refused(Objects.requireNonNull(e.getMessage()));
    }
    InetAddress[] addresses;
    try {
      addresses = InetAddress.getAllByName(url.host());
    } catch (UnknownHostException e) {
      return unresolved(url, e);
    }
    if (!settings.hosts().contains(authority(url))
        && !Arrays.stream(addresses).allMatch(HostAddresses::isPublic)) {
      return new Origin.Refused(
          "The host " + url.host() + " has a private address, and only public ones may be cloned.");
    }
    return new Origin.Remote(url, List.of(addresses));
  }

  private static Origin unresolved(CloneUrl url, UnknownHostException e) {
    return Resolver.isTemporary(e)
        ? new Origin.Unreachable("The address of " + url.host() + " cannot be looked up just now.")
        : new Origin.Refused("The host " + url.host() + " has no address: is clone_url right?");
  }

  /** Where a repository is fetched from. */
  sealed interface Origin {
    /** An operator's own mirror: a URL of any form that git takes. */
    record Mirror(CloneUrl url, String target) implements Origin {}

    /** A code host, with the addresses that were checked. */
    record Remote(CloneUrl url, List<InetAddress> addresses) implements Origin {}

    /** Nowhere, and why. */
    record Refused(String sentence) implements Origin {}

    /** It cannot be told now. */
    record Unreachable(String sentence) implements Origin {}
  }

  private Optional<String> rewritten(CloneUrl url) {
    String text = url.toString();
    return settings.rewrites().stream()
        .sorted(LONGEST_FIRST)
        .flatMap(rewrite -> rewrite.apply(text).stream())
        .findFirst();
  }

  private boolean allowed(CloneUrl url) {
    return settings.hosts().isEmpty()
        || settings.hosts().contains(url.host())
        || settings.hosts().contains(authority(url));
  }

  /** An operator who lists {@code host:port} means that very place, wherever it is. */
  private static String authority(CloneUrl url) {
    return url.host() + ":" + (url.port() < 0 ? 443 : url.port());
  }
}
