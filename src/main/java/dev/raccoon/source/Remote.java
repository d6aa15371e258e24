package dev.raccoon.source;

import dev.raccoon.source.GitHosts.Origin;
import dev.raccoon.value.CloneUrl;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Collectors;

/** Where git is sent to, or why it is not. */
sealed interface Remote {
  /** The address that git is given, and its options for it: no other protocol is allowed. */
  record Reachable(List<String> options, String target) implements Remote {}

  /** Git is not asked. */
  record Not(FetchResult result) implements Remote {}

  /** The way to {@code origin}. */
  static Remote of(Origin origin) {
    return switch (origin) {
      case Origin.Refused(String sentence) -> new Not(new FetchResult.Refused(sentence));
      case Origin.Unreachable(String sentence) -> new Not(new FetchResult.Unavailable(sentence));
      case Origin.Mirror(CloneUrl ignored, String target) -> {
        String scheme = target.startsWith("/") ? "file" : target.replaceFirst(":.*", "");
        yield new Reachable(List.of("-c", "protocol." + scheme + ".allow=always"), target);
      }
      case Origin.Remote(CloneUrl url, List<InetAddress> addresses) ->
          new Reachable(httpsOptions(url, addresses), url.toString());
    };
  }

  private static List<String> httpsOptions(CloneUrl url, List<InetAddress> addresses) {
    List<String> allowed = List.of("-c", "protocol.https.allow=always");
    // An address in brackets is its own, and curl does not take one as a name.
    if (url.host().startsWith("[")) {
      return allowed;
    }
    int port = url.port() < 0 ? 443 : url.port();
    String checked =
        addresses.stream().map(InetAddress::getHostAddress).collect(Collectors.joining(","));
    String pinned = "http.curloptResolve=" + url.host() + ":" + port + ":" + checked;
    return List.of(allowed.get(0), allowed.get(1), "-c", pinned);
  }
}
