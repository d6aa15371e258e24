package dev.raccoon.value;

import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/** IP addresses from their texts, which are never looked up as names. */
public final class IpAddress {
  private static final Pattern V4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
  private static final Pattern V6 = Pattern.compile("[0-9a-fA-F:.]{2,45}");

  private IpAddress() {}

  /**
   * The address that {@code literal} writes in full: four decimal numbers, or RFC 4291's forms
   * without a zone. An IPv4 address inside an IPv6 one ({@code ::ffff:192.0.2.1}) is the IPv4 one.
   */
  public static Optional<InetAddress> parse(String literal) {
    boolean form =
        V4.matcher(literal).matches() || (literal.contains(":") && V6.matcher(literal).matches());
    if (!form) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.ofLiteral(literal));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
