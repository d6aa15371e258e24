package dev.raccoon.http;

import dev.raccoon.value.AddressRange;
import dev.raccoon.value.IpAddress;
import io.vertx.core.MultiMap;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The proxies whose word on their clients' addresses counts, in {@code X-Forwarded-For} or {@code
 * Forwarded}. Each proxy adds at the end the address that it was connected from, so these headers
 * are read from the right, and only as far as trusted proxies wrote them.
 */
final class TrustedProxies {
  /** An address with its port, perhaps, an IPv6 one then in brackets. */
  private static final Pattern WITH_PORT =
      Pattern.compile("\\[([^\\]]*)](?::[0-9]{1,5})?|([^:]*):[0-9]{1,5}");

  private final List<AddressRange> ranges;

  TrustedProxies(List<AddressRange> ranges) {
    this.ranges = List.copyOf(ranges);
  }

  boolean contains(InetAddress address) {
    for (AddressRange range : ranges) {
      if (range.contains(address)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Who sent a request with {@code headers} that came from {@code peer}. Where a proxy's word
   * cannot be understood, it is the proxy itself.
   *
   * <p>Most proxies write {@code X-Forwarded-For} and pass the other on as the client sent it:
   * where there are both, it is the one that counts.
   */
  ClientAddress client(InetAddress peer, MultiMap headers) {
    if (!contains(peer)) {
      return new ClientAddress(peer);
    }
    List<String> plain = headers.getAll("X-Forwarded-For");
    List<String> path = plain.isEmpty() ? clients(headers.getAll("Forwarded")) : addresses(plain);
    return new ClientAddress(sender(peer, path));
  }

  private InetAddress sender(InetAddress peer, List<String> path) {
    InetAddress sender = peer;
    for (int i = path.size() - 1; i >= 0 && contains(sender); i--) {
      Optional<InetAddress> before = address(path.get(i));
      if (before.isEmpty()) {
        return sender;
      }
      sender = before.get();
    }
    return sender;
  }

  private static List<String> addresses(List<String> headers) {
    return Arrays.stream(String.join(",", headers).split(",", -1)).map(String::strip).toList();
  }

  private static List<String> clients(List<String> headers) {
    return ForwardedHeader.clients(String.join(",", headers)).orElse(List.of());
  }

  private static Optional<InetAddress> address(String node) {
    Matcher form = WITH_PORT.matcher(node);
    if (!form.matches()) {
      return IpAddress.parse(node);
    }
    return IpAddress.parse(form.group(1) == null ? form.group(2) : form.group(1));
  }
}
