package dev.raccoon.http;

import io.vertx.core.MultiMap;
import java.util.Locale;
import java.util.Set;

/** Header fields that only proxies add. */
final class ProxyHeaders {
  private static final Set<String> NAMES =
      Set.of("forwarded", "via", "x-real-ip", "x-client-ip", "true-client-ip", "cf-connecting-ip");

  private ProxyHeaders() {}

  /** Whether a proxy has had {@code headers} in its hands, as far as it says so. */
  static boolean areIn(MultiMap headers) {
    return headers.names().stream().anyMatch(ProxyHeaders::isOne);
  }

  private static boolean isOne(String header) {
    String name = header.toLowerCase(Locale.ROOT);
    return NAMES.contains(name) || name.startsWith("x-forwarded");
  }
}
