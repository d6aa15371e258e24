package dev.raccoon.http;

import java.net.InetAddress;
import java.util.Locale;

/** What a machine calls itself: an address that it can be reached at by its own programs only. */
final class Loopback {
  private Loopback() {}

  /** Whether {@code host}, a name or an address, perhaps in brackets, is loopback for sure. */
  static boolean isNamed(String host) {
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
