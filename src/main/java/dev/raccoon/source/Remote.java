package dev.raccoon.source;

import dev.raccoon.source.GitHosts.Origin;
import dev.raccoon.value.CloneUrl;
import java.net.InetAddress;
import java.util.List;

/** Where git is sent to, or why it is not. */
sealed interface Remote {
  /** The address that git is given, and its options for it: no other protocol is allowed. */
  record Reachable(List<String> options, String target) implements Remote {}

  /**
   * A code host, which git reaches through a door of its own, at the addresses that were checked.
   */
  record ThroughDoor(CloneUrl url, List<InetAddress> addresses) implements Remote {}

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
          new ThroughDoor(url, addresses);
    };
  }
}
