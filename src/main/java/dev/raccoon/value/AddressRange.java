package dev.raccoon.value;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Addresses that begin with the same bits.
 *
 * @param first the lowest of them
 * @param bits how many they have in common
 */
public record AddressRange(InetAddress first, int bits) {
  private static final Pattern FORM = Pattern.compile("([^/]+)(?:/([0-9]{1,3}))?");

  public AddressRange {
    int all = first.getAddress().length * 8;
    if (bits < 0 || bits > all) {
      throw new InvalidValueException("a network of 0 to " + all + " bits was expected");
    }
    first = masked(first, bits);
  }

  /**
   * An address, or a network as {@code 10.0.0.0/8}.
   *
   * @throws InvalidValueException for anything else
   */
  public static AddressRange parse(String raw) {
    Matcher form = FORM.matcher(raw);
    InetAddress first = form.matches() ? IpAddress.parse(form.group(1)).orElse(null) : null;
    if (first == null) {
      throw new InvalidValueException(
          "an address or a network such as 127.0.0.1 or 10.0.0.0/8 was expected, not " + raw);
    }
    String bits = form.group(2);
    return new AddressRange(
        first, bits == null ? first.getAddress().length * 8 : Integer.parseInt(bits));
  }

  /** Whether {@code address} is one of them. */
  public boolean contains(InetAddress address) {
    return address.getAddress().length == first.getAddress().length
        && masked(address, bits).equals(first);
  }

  private static InetAddress masked(InetAddress address, int bits) {
    byte[] bytes = address.getAddress();
    for (int i = 0; i < bytes.length; i++) {
      int kept = Math.clamp(bits - i * 8L, 0, 8);
      bytes[i] = (byte) (bytes[i] & (0xff00 >> kept));
    }
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address of as many bytes as another", e);
    }
  }

  @Override
  public String toString() {
    return first.getHostAddress() + "/" + bits;
  }
}
