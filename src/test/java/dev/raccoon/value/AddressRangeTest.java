package dev.raccoon.value;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRangeTest {
  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8,10.255.1.2,true",
    "10.0.0.0/8,11.0.0.0,false",
    "10.1.2.3/8,10.9.9.9,true",
    "192.0.2.128/25,192.0.2.127,false",
    "192.0.2.128/25,192.0.2.200,true",
    "192.0.2.1,192.0.2.1,true",
    "192.0.2.1,192.0.2.2,false",
    "192.0.2.1,::ffff:192.0.2.1,true",
    "0.0.0.0/0,203.0.113.9,true",
    "0.0.0.0/0,2001:db8::1,false",
    "2001:db8::/32,2001:db8:ffff::1,true",
    "2001:db8::/32,2001:db9::1,false",
    "::1,::1,true",
    "::1,0:0:0:0:0:0:0:1,true",
  })
  void holdsTheAddressesThatBeginAsItDoes(String range, String address, boolean inside) {
    assertThat(AddressRange.parse(range).contains(IpAddress.parse(address).orElseThrow()))
        .isEqualTo(inside);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "localhost",
        "1",
        "1.2.3",
        "0x7f.0.0.1",
        "1.2.3.256",
        "1.2.3.4.5",
        "[::1]",
        "fe80::1%lo",
        "::1:",
        ":",
        "1.2.3.4 ",
        "\u0661.2.3.4",
        "cafe",
        "2001:db8::1::2",
      })
  void whatIsNoWholeAddressIsNone(String text) {
    assertThat(IpAddress.parse(text)).isEmpty();
  }
}
