package dev.raccoon.egress;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.regex.Pattern;

/** Which hosts and addresses belong to the public network, and which are this machine's or near. */
public final class HostAddresses {
  // As the URL standard tells an address from a name: by its last part, so 127.1 and 0x7f.1 are.
  private static final Pattern ADDRESS = Pattern.compile("\\[.*]|(.*\\.)?([0-9]+|0x[0-9a-f]*)");
  // RFC 6761, RFC 6762, RFC 8375 and what ICANN keeps for private use.
  private static final List<String> LOCAL_SUFFIXES =
      List.of(".localhost", ".local", ".internal", ".home.arpa");

  private HostAddresses() {}

  /** Whether {@code host}, in lower case, is an address itself or a name of a local network's. */
  public static boolean isNoPublicName(String host) {
    return ADDRESS.matcher(host).matches()
        || !host.contains(".")
        || LOCAL_SUFFIXES.stream().anyMatch(host::endsWith);
  }

  /**
   * Whether packets to {@code address} leave for the public network, by the registries of RFC 6890.
   */
  public static boolean isPublic(InetAddress address) {
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
