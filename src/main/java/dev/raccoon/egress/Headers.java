package dev.raccoon.egress;

import io.vertx.core.MultiMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Which headers are passed on. */
final class Headers {
  /** RFC 9110, 7.6.1, and what says how long a body is, which is said anew. */
  private static final Set<String> OF_ONE_CONNECTION =
      Set.of(
          "connection",
          "content-length",
          "expect",
          "host",
          "keep-alive",
          "proxy-authenticate",
          "proxy-authentication-info",
          "proxy-authorization",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  /** Nothing inside has credentials that are its own to give away. */
  private static final Set<String> CREDENTIALS = Set.of("authorization", "cookie", "cookie2");

  private Headers() {}

  /** Of a request. */
  static void copyRequest(MultiMap from, MultiMap to) {
    copy(from, to, CREDENTIALS);
  }

  /** Of an answer. */
  static void copyAnswer(MultiMap from, MultiMap to) {
    copy(from, to, Set.of());
  }

  private static void copy(MultiMap from, MultiMap to, Set<String> without) {
    Set<String> named =
        from.getAll("Connection").stream()
            .flatMap(list -> java.util.Arrays.stream(list.split(",", -1)))
            .map(name -> name.strip().toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet());
    for (Map.Entry<String, String> header : from) {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      if (!OF_ONE_CONNECTION.contains(name) && !named.contains(name) && !without.contains(name)) {
        to.add(header.getKey(), header.getValue());
      }
    }
  }
}
