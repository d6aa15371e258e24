package dev.raccoon.egress;

import io.vertx.core.MultiMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
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

  /** What cloning needs, to a mirror and back: the rest might ask it for something else. */
  private static final Set<String> OF_A_CLONE =
      Set.of(
          "accept",
          "accept-encoding",
          "cache-control",
          "content-encoding",
          "content-type",
          "git-protocol",
          "pragma",
          "user-agent");

  private Headers() {}

  /** Of a request to a host. */
  static void copyRequest(MultiMap from, MultiMap to) {
    copy(from, to, name -> !CREDENTIALS.contains(name));
  }

  /** Of a host's answer. */
  static void copyAnswer(MultiMap from, MultiMap to) {
    copy(from, to, name -> true);
  }

  /** Of a request to an operator's mirror, or of its answer. */
  static void copyOfClone(MultiMap from, MultiMap to) {
    copy(from, to, OF_A_CLONE::contains);
  }

  private static void copy(MultiMap from, MultiMap to, Predicate<String> which) {
    Set<String> named =
        from.getAll("Connection").stream()
            .flatMap(list -> java.util.Arrays.stream(list.split(",", -1)))
            .map(name -> name.strip().toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet());
    for (Map.Entry<String, String> header : from) {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      if (!OF_ONE_CONNECTION.contains(name) && !named.contains(name) && which.test(name)) {
        to.add(header.getKey(), header.getValue());
      }
    }
  }
}
