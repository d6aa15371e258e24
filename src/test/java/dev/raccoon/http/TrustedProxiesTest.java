package dev.raccoon.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.testing.HostileText;
import dev.raccoon.value.AddressRange;
import dev.raccoon.value.IpAddress;
import io.vertx.core.MultiMap;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Proxies at 10.0.0.0/8 and fd00::/8 are trusted. */
class TrustedProxiesTest {
  private final TrustedProxies proxies =
      new TrustedProxies(List.of(AddressRange.parse("10.0.0.0/8"), AddressRange.parse("fd00::/8")));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "10.0.0.1 | 203.0.113.7 | 203.0.113.7",
        "fd00::1 | 2001:db8::7 | 2001:db8:0:0:0:0:0:7",
        "10.0.0.1 | 203.0.113.7:4711 | 203.0.113.7",
        "10.0.0.1 | [2001:db8::7]:4711 | 2001:db8:0:0:0:0:0:7",
        "10.0.0.1 | [2001:db8::7] | 2001:db8:0:0:0:0:0:7",
        "10.0.0.1 | ::ffff:203.0.113.7 | 203.0.113.7",
        // what the client says itself stands to the left
        "10.0.0.1 | 198.51.100.1, 203.0.113.7 | 203.0.113.7",
        "10.0.0.1 | 198.51.100.1, 203.0.113.7, 10.0.0.2,fd00::3 | 203.0.113.7",
        "10.0.0.1 | 10.0.0.9, 203.0.113.7, 10.0.0.2 | 203.0.113.7",
        "10.0.0.1 | 10.0.0.3, 10.0.0.2 | 10.0.0.3",
        // what cannot be understood ends the way
        "10.0.0.1 | unknown | 10.0.0.1",
        "10.0.0.1 | 203.0.113.7, _hidden | 10.0.0.1",
        "10.0.0.1 | 203.0.113.7, , 10.0.0.2 | 10.0.0.2",
        "10.0.0.1 | 203.0.113.7, | 10.0.0.1",
        "10.0.0.1 | 203.0.113.999 | 10.0.0.1",
        "10.0.0.1 | localhost | 10.0.0.1",
        "10.0.0.1 | 127.1 | 10.0.0.1",
        "10.0.0.1 | '' | 10.0.0.1",
        // nobody else is believed
        "192.0.2.1 | 203.0.113.7 | 192.0.2.1",
        "2001:db8::1 | 10.0.0.1 | 2001:db8:0:0:0:0:0:1",
      })
  void theClientIsWhoTheLastTrustedProxySaw(String peer, String header, String client) {
    assertThat(client(peer, headers().add("X-Forwarded-For", header))).isEqualTo(client);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "for=203.0.113.7 | 203.0.113.7",
        "For=203.0.113.7;proto=https;by=10.0.0.1 | 203.0.113.7",
        "proto=https;for=\"203.0.113.7:80\" | 203.0.113.7",
        "for=\"[2001:db8::7]:4711\" | 2001:db8:0:0:0:0:0:7",
        "for=198.51.100.1, for=203.0.113.7;host=\"a, for=b\", for=10.0.0.2 | 203.0.113.7",
        "for=203.0.113.7, proto=https | 10.0.0.1",
        "for=unknown | 10.0.0.1",
        "for=\"_x\" | 10.0.0.1",
        // a client's quotation mark swallows nothing
        "for=\"x, for=203.0.113.7 | 10.0.0.1",
        "for=\"x, for=\"203.0.113.7\" | 10.0.0.1",
        "for=\"198.51.100.1\\\", for=\"203.0.113.7\" | 10.0.0.1",
        "203.0.113.7 | 10.0.0.1",
        "for 203.0.113.7 | 10.0.0.1",
        "for=203.0.113.7 for=198.51.100.1 | 10.0.0.1",
        "=203.0.113.7 | 10.0.0.1",
        "for=203.0.113.7,, | 10.0.0.1",
      })
  void theStandardHeaderIsReadStrictly(String header, String client) {
    assertThat(client("10.0.0.1", headers().add("Forwarded", header))).isEqualTo(client);
  }

  @Test
  void headersThatComeTwiceAreOne() {
    MultiMap twice = headers().add("X-Forwarded-For", "198.51.100.1");
    twice.add("x-forwarded-for", "203.0.113.7");
    assertThat(client("10.0.0.1", twice)).isEqualTo("203.0.113.7");
  }

  @Test
  void whereBothHeadersDisagreeTheOneThatMostProxiesWriteCounts() {
    MultiMap both = headers().add("X-Forwarded-For", "192.0.2.9, 203.0.113.7");
    both.add("Forwarded", "for=198.51.100.1");
    assertThat(client("10.0.0.1", both)).isEqualTo("203.0.113.7");
    assertThat(client("10.0.0.1", both.set("Forwarded", "nonsense"))).isEqualTo("203.0.113.7");
  }

  @Test
  void hostileTextIsNeverAnAddressNorAnError() {
    HostileText.each(
        3,
        2_000,
        text -> {
          // An odd text may be an address, and the last one is a trusted proxy's word.
          String odd = "203.0.113.7," + text + "x";
          assertThat(client("10.0.0.1", headers().add("X-Forwarded-For", odd)))
              .isIn("10.0.0.1", "203.0.113.7");
          assertThat(client("10.0.0.1", headers().add("Forwarded", text + ",for=203.0.113.7")))
              .isIn("10.0.0.1", "203.0.113.7");
        });
  }

  private static MultiMap headers() {
    return MultiMap.caseInsensitiveMultiMap();
  }

  private String client(String peer, MultiMap headers) {
    InetAddress address = IpAddress.parse(peer).orElseThrow();
    return proxies.client(address, headers).toString();
  }
}
