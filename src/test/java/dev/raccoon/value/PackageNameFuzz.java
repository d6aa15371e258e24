package dev.raccoon.value;

import dev.raccoon.fuzz.FuzzTarget;
import dev.raccoon.fuzz.Property;
import java.util.List;

/** A request's {@code full_name}. */
public final class PackageNameFuzz implements FuzzTarget {
  @Override
  public List<String> seeds() {
    return List.of(
        "acme/demo", "ACME/Demo.git", "a_b-c.d/_e", "api/demo", "acme-otp27/demo", "a/..");
  }

  @Override
  public void check(byte[] input) {
    Property.parsed(PackageName::parse, Property.text(input)).ifPresent(PackageNameFuzz::accepted);
  }

  private static void accepted(PackageName name) {
    Property.same(PackageName.parse(name.toString()), name);
    for (String segment : List.of(name.namespace(), name.name())) {
      Property.holds(segment.length() <= 100, "too long");
      Property.holds(segment.chars().allMatch(c -> c > ' ' && c < 0x7F), "more than plain ASCII");
      Property.holds(segment.matches("[^./-][^/\\\\]*"), "no plain segment");
      Property.holds(!segment.contains(".."), "has ..");
    }
  }
}
