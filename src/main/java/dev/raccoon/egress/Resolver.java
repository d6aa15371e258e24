package dev.raccoon.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Looks up hosts' addresses. */
@FunctionalInterface
public interface Resolver {
  /** The addresses of {@code host} now, at least one; may take seconds. */
  List<InetAddress> resolve(String host) throws UnknownHostException;

  /** As this machine does it. */
  static Resolver ofMachine() {
    return host -> List.of(InetAddress.getAllByName(host));
  }

  /** The C library's words for EAI_AGAIN: no name server answered, so nothing is known. */
  static boolean isTemporary(UnknownHostException e) {
    return String.valueOf(e.getMessage()).contains("Temporary failure");
  }
}
