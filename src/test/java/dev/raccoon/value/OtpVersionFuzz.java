package dev.raccoon.value;

import dev.raccoon.fuzz.FuzzTarget;
import dev.raccoon.fuzz.Property;
import java.util.List;
import java.util.Optional;

/** Erlang/OTP versions, of requests and of installations: two lines, which are compared. */
public final class OtpVersionFuzz implements FuzzTarget {
  @Override
  public List<String> seeds() {
    return List.of(
        "25\n25.3.2.8", "28.0-rc1\n28.0-rc10", "27.0\n27", " 26 \n26.0.0.0.0.1", "0\n25x");
  }

  @Override
  public void check(byte[] input) {
    String[] lines = Property.text(input).split("\n", 2);
    Optional<OtpSelector> first = Property.parsed(OtpSelector::parse, lines[0]);
    Optional<OtpVersion> second = Property.parsed(OtpVersion::new, lines[lines.length - 1]);
    first.ifPresent(OtpVersionFuzz::accepted);
    if (first.isPresent() && second.isPresent()) {
      compared(first.get().asked(), second.get());
    }
  }

  private static void accepted(OtpSelector selector) {
    Property.same(OtpSelector.parse(selector.toString()), selector);
    Property.holds(selector.toString().matches("[1-9][0-9a-z.-]*"), "more than plain signs");
    Property.holds(selector.matches(selector.asked()), "does not match itself");
    Property.holds(selector.asked().major() >= 1, "no release");
  }

  private static void compared(OtpVersion one, OtpVersion other) {
    int order = Integer.signum(one.compareTo(other));
    Property.holds(order == -Integer.signum(other.compareTo(one)), "no order");
    Property.holds((order == 0) == one.equals(other), "equal in order, not in text");
  }
}
