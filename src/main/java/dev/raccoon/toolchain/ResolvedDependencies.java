package dev.raccoon.toolchain;

import dev.raccoon.value.Sha256;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a tree pins, or has beside it, by its lock files and what erlang.mk and coon have cloned.
 *
 * @param all each name once
 * @param locks what the lock files hold, of those that are there
 * @param notes sentences for the build's log
 */
public record ResolvedDependencies(
    List<ResolvedDependency> all, List<Lock> locks, List<String> notes) {
  /** Nothing. */
  public static final ResolvedDependencies NONE =
      new ResolvedDependencies(List.of(), List.of(), List.of());

  private static final List<String> NAMES = List.of("rebar.lock", "mix.lock");

  public ResolvedDependencies {
    all = List.copyOf(all);
    locks = List.copyOf(locks);
    notes = List.copyOf(notes);
  }

  /** A lock file's bytes, and what was read of them. */
  public record Lock(String name, Sha256 digest, List<ResolvedDependency> pinned) {
    private Optional<Lock> in(ResolvedDependencies other) {
      return other.locks().stream().filter(lock -> lock.name.equals(name)).findFirst();
    }

    /** One that pins nothing tells nothing, unless it pinned something before. */
    private boolean isTelling(ResolvedDependencies before) {
      return !pinned.isEmpty() || in(before).filter(lock -> !lock.pinned.isEmpty()).isPresent();
    }

    /** However it is written. */
    private boolean isHonoured(ResolvedDependencies before) {
      return in(before)
          .filter(lock ->
              lock.digest.equals(digest)
                  || new HashSet<>(lock.pinned).equals(new HashSet<>(pinned)))
          .isPresent();
    }
  }

  /** What a build did with its lock files. */
  public enum LockUse {
    /** There are none, or they pin nothing. */
    NONE,
    /** What they pin is what was used. */
    HONOURED,
    /** The build made one. */
    MADE,
    /** The build changed what one pins. */
    CHANGED
  }

  /**
   * Those of {@code tree}, to which nothing writes meanwhile.
   *
   * @throws IOException if the server cannot read a file that is there
   */
  public static ResolvedDependencies read(Path tree) throws IOException {
    List<ResolvedDependency> all = new ArrayList<>();
    List<Lock> locks = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    for (String name : NAMES) {
      switch (TreeFile.read(tree, name, ErlangTerms.MAX_BYTES)) {
        case TreeFile.Absent() -> {}
        case TreeFile.Refused(String why) -> notes.add(name + " " + why);
        case TreeFile.Content(byte[] bytes) -> {
          LockFile read = name.equals("mix.lock") ? MixLock.parse(bytes) : RebarLock.parse(bytes);
          locks.add(new Lock(name, Sha256.of(bytes), read.dependencies()));
          all.addAll(read.dependencies());
          read.note().ifPresent(notes::add);
        }
      }
    }
    all.addAll(ClonedDependencies.read(tree));
    Set<String> seen = new HashSet<>();
    return new ResolvedDependencies(
        all.stream().filter(each -> seen.add(each.name())).toList(), locks, notes);
  }

  /** What became of the locks of {@code before}, if these are those after the build. */
  public LockUse lockUse(ResolvedDependencies before) {
    List<Lock> telling = locks.stream().filter(lock -> lock.isTelling(before)).toList();
    if (telling.isEmpty()) {
      return LockUse.NONE;
    }
    if (telling.stream().allMatch(lock -> lock.isHonoured(before))) {
      return LockUse.HONOURED;
    }
    return telling.stream().anyMatch(lock -> lock.in(before).isPresent())
        ? LockUse.CHANGED
        : LockUse.MADE;
  }
}
