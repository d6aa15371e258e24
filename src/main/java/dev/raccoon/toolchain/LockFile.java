package dev.raccoon.toolchain;

import java.util.List;
import java.util.Optional;

/**
 * A lock file, as far as it can be read: {@code rebar.lock} or {@code mix.lock}.
 *
 * @param dependencies what it pins, in its order
 * @param note what was left out, in a sentence, if anything was
 */
public record LockFile(List<ResolvedDependency> dependencies, Optional<String> note) {
  /** Of one file; the rest is left out. */
  static final int MAX_DEPENDENCIES = 1000;

  public LockFile {
    dependencies = List.copyOf(dependencies);
  }

  static LockFile unreadable(String note) {
    return new LockFile(List.of(), Optional.of(note));
  }

  /** What was read of {@code name}, of which some entries had another form. */
  static LockFile of(String name, List<Optional<ResolvedDependency>> entries) {
    List<ResolvedDependency> known =
        entries.stream().flatMap(Optional::stream).limit(MAX_DEPENDENCIES).toList();
    int left = entries.size() - known.size();
    return new LockFile(
        known,
        left == 0
            ? Optional.empty()
            : Optional.of(name + ": " + left + " of its entries have a form that is not known."));
  }
}
