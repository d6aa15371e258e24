package dev.raccoon.queue;

import dev.raccoon.value.OtpSelector;
import dev.raccoon.value.OtpVersion;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the nodes that take builds now can build for: those that are up, build, and are not drained.
 *
 * @param any whether there is such a node
 * @param otp the exact versions that they have, the newest first
 * @param pause why they begin nothing just now, in a sentence, if so
 */
public record Builders(boolean any, List<OtpVersion> otp, Optional<String> pause) {
  /** What is asked for where nothing is said of Erlang/OTP. */
  static final String ANYTHING = "";

  public Builders {
    otp = otp.stream().distinct().sorted(Comparator.reverseOrder()).toList();
  }

  /** Of nodes that begin whatever there is. */
  public Builders(boolean any, List<OtpVersion> otp) {
    this(any, otp, Optional.empty());
  }

  /** What {@code nodes} can build for. */
  public static Builders of(List<Node> nodes) {
    List<Node> taking = nodes.stream().filter(Node::takesBuilds).toList();
    return new Builders(
        !taking.isEmpty(), taking.stream().flatMap(node -> node.otp().stream()).toList());
  }

  /** What builds may ask for and have, as their {@code otp_key} has it. */
  Set<String> keys() {
    Set<String> keys = new HashSet<>();
    if (any) {
      keys.add(ANYTHING);
    }
    for (OtpVersion version : otp) {
      keys.add(version.text());
      keys.add(Integer.toString(version.major()));
    }
    return keys;
  }

  /** Why nobody takes what asks for {@code key}, in a sentence, if so. */
  public Optional<String> lack(String key) {
    if (!any) {
      return Optional.of("No node that is up takes builds.");
    }
    return key.equals(ANYTHING) || otp.stream().anyMatch(OtpSelector.parse(key)::matches)
        ? pause
        : Optional.of("No node that is up has Erlang/OTP " + key + "; " + there() + ".");
  }

  private String there() {
    List<String> versions = otp.stream().map(OtpVersion::text).toList();
    return switch (versions.size()) {
      case 0 -> "there is none at all";
      case 1 -> "there is " + versions.getFirst();
      default ->
          versions.stream()
              .limit(versions.size() - 1L)
              .collect(Collectors.joining(", ", "there are ", " and " + versions.getLast()));
    };
  }
}
