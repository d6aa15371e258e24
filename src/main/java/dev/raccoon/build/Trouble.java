package dev.raccoon.build;

import dev.raccoon.egress.EgressDoor;
import dev.raccoon.egress.EgressRequest.Outcome;
import java.util.Optional;
import java.util.SortedSet;
import java.util.stream.Collectors;

/**
 * What a build met on its way out.
 *
 * @param blocked the hosts that it may not connect to
 * @param first why the first request did not come through, if one did not
 */
record Trouble(SortedSet<String> blocked, Optional<String> first) {
  private static final int MAX_NAMED = 5;

  static Trouble of(EgressDoor door) {
    return new Trouble(door.blocked(), door.trouble().flatMap(Trouble::why));
  }

  private static Optional<String> why(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Answered ignored -> Optional.empty();
      case Outcome.Refused(String why) -> Optional.of(why);
      case Outcome.Failed(String why) -> Optional.of(why);
    };
  }

  /** The line for the build's log. */
  Optional<String> note() {
    return blocked.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "Not let through: "
                + hosts()
                + ". The operator allows hosts with RACCOON_EGRESS_HOSTS.");
  }

  /** What kept a dependency from being fetched, as a sentence's second half. */
  Optional<String> cause() {
    return blocked.isEmpty() ? first : Optional.of("builds may not connect to " + hosts() + ".");
  }

  /** {@code cause} for a package of Hex: a mirror is another way than to allow its host. */
  String orMirror(String cause) {
    return blocked.isEmpty()
        ? cause
        : cause + " The operator can name a mirror of Hex with RACCOON_HEX_MIRROR.";
  }

  private String hosts() {
    String named = blocked.stream().limit(MAX_NAMED).collect(Collectors.joining(", "));
    int more = blocked.size() - MAX_NAMED;
    return more > 0 ? named + " and " + more + " more" : named;
  }
}
