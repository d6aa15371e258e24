package dev.raccoon.http;

import java.net.InetAddress;

/** Where a request comes from: the client's own address, not that of a proxy that is trusted. */
record ClientAddress(InetAddress address) {
  @Override
  public String toString() {
    return address.getHostAddress();
  }
}
