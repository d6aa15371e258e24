package dev.raccoon.toolchain;

import dev.raccoon.fuzz.Property;

/** What holds of any lock file that was read. */
final class LockFiles {
  private LockFiles() {}

  static void holds(LockFile read) {
    read.note().ifPresent(Property::sentence);
    Property.holds(read.dependencies().size() <= LockFile.MAX_DEPENDENCIES, "too many");
    for (ResolvedDependency each : read.dependencies()) {
      Property.printable(each.name());
      Property.printable(each.revision());
      Property.printable(each.source());
    }
  }
}
