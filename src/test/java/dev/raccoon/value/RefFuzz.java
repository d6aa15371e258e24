package dev.raccoon.value;

import dev.raccoon.fuzz.FuzzTarget;
import dev.raccoon.fuzz.Property;
import java.util.List;

/** A request's {@code ref}. */
public final class RefFuzz implements FuzzTarget {
  @Override
  public List<String> seeds() {
    return List.of(
        "1.0.2",
        "release/2.0",
        "v1.0-rc1+build#7",
        "da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "a..b",
        "x.lock/y",
        "a@{1}");
  }

  @Override
  public void check(byte[] input) {
    Property.parsed(Ref::new, Property.text(input)).ifPresent(RefFuzz::accepted);
  }

  /** What git-check-ref-format(1) refuses, and what would be an option or another path. */
  private static void accepted(Ref ref) {
    String name = ref.name();
    Property.same(new Ref(ref.toString()), ref);
    Property.holds(name.length() <= Ref.MAX_LENGTH, "too long");
    Property.holds(name.chars().allMatch(c -> c > ' ' && c < 0x7F), "more than plain ASCII");
    Property.holds(name.chars().noneMatch(c -> "~^:?*[\\'\"`$<>|&;".indexOf(c) >= 0), "odd signs");
    Property.holds(!name.startsWith("-") && !name.startsWith("/"), "an option or a path");
    Property.holds(!name.contains("..") && !name.contains("@{"), "a range or a reflog's entry");
    for (String segment : name.split("/", -1)) {
      Property.holds(!segment.isEmpty() && !segment.startsWith("."), "a hidden segment");
      Property.holds(!segment.endsWith(".") && !segment.endsWith(".lock"), "a lock's segment");
    }
  }
}
