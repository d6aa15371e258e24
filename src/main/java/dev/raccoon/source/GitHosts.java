package dev.raccoon.source;

import dev.raccoon.config.Settings;
import dev.raccoon.value.CloneUrl;
import dev.raccoon.value.InvalidValueException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which repositories may be cloned, and from where: the operator's rewrites first (their targets
 * are trusted), then the list of allowed hosts, and never a private, loopback or link-local
 * address.
 */
public final class GitHosts {
  // As the URL standard tells an address from a name: by its last part, so 127.1 and 0x7f.1 are.
  private static final Pattern ADDRESS = Pattern.compile("\\[.*]|(.*\\.)?([0-9]+|0x[0-9a-f]*)");
  // RFC 6761, RFC 6762, RFC 8375 and what ICANN keeps for private use.
  private static final List<String> LOCAL_SUFFIXES =
      List.of(".localhost", ".local", ".internal", ".home.arpa");

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
    if (!named && (ADDRESS.matcher(url.host()).matches() || isLocalName(url.host()))) {
      throw new InvalidValueException(
          "clone_url must name a public code host, not " + url.host() + ".");
    }
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
        && !Arrays.stream(addresses).allMatch(GitHosts::isPublic)) {
      return new Origin.Refused(
          "The host " + url.host() + " has a private address, and only public ones may be cloned.");
    }
    return new Origin.Remote(url, List.of(addresses));
  }

  /** The C library's words for EAI_AGAIN: no name server answered. */
  private static Origin unresolved(CloneUrl url, UnknownHostException e) {
    return String.valueOf(e.getMessage()).contains("Temporary failure")
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

  private static boolean isLocalName(String host) {
    return !host.contains(".") || LOCAL_SUFFIXES.stream().anyMatch(host::endsWith);
  }

  /**
   * Whether packets to {@code address} leave for the public network, by the registries of RFC 6890.
   */
  static boolean isPublic(InetAddress address) {
    if (address.isAnyLocalAddress()
        || address.isLoopbackAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress()) {
      return false;
    }
    byte[] bytes = address.getAddress();
    return address instanceof Inet6Address ? isPublic6(bytes) : isPublic4(bytes);
  }

  private static boolean isPublic4(byte[] bytes) {
    int a = bytes[0] & 0xff;
    int b = bytes[1] & 0xff;
    int c = bytes[2] & 0xff;
    boolean shared = a == 100 && b >= 64 && b < 128;
    boolean protocols = a == 192 && b == 0 && (c == 0 || c == 2);
    boolean relays = a == 192 && b == 88 && c == 99;
    boolean benchmarks = a == 198 && (b == 18 || b == 19);
    boolean examples = (a == 198 && b == 51 && c == 100) || (a == 203 && b == 0 && c == 113);
    return a != 0 && a < 224 && !shared && !protocols && !relays && !benchmarks && !examples;
  }

  /** Global unicast is 2000::/3; of it, the ways that lead back to IPv4 or nowhere are left out. */
  private static boolean isPublic6(byte[] bytes) {
    int first = (bytes[0] & 0xff) << 8 | (bytes[1] & 0xff);
    int second = (bytes[2] & 0xff) << 8 | (bytes[3] & 0xff);
    boolean sixToFour = first == 0x2002;
    boolean special = first == 0x2001 && (second < 0x0200 || second == 0x0db8);
    boolean examples = first == 0x3fff && second < 0x1000;
    return (first & 0xe000) == 0x2000 && !sixToFour && !special && !examples;
  }
}
