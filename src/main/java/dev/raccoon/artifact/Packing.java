package dev.raccoon.artifact;

import dev.raccoon.value.Sha256;
import java.nio.file.Path;
import java.util.Set;

/** What came of packing an application. In all cases but the first there is no file. */
public sealed interface Packing {
  /**
   * The package is in {@code file}.
   *
   * @param members how many, folders included
   * @param natives the programs and shared libraries below {@code priv/}; such as need the same
   *     count once
   */
  record Packed(Path file, Sha256 digest, long sizeBytes, int members, Set<NativeFile> natives)
      implements Packing {
    public Packed {
      natives = Set.copyOf(natives);
    }
  }

  /** The work tree holds what no package may; {@code sentence} says what, for its author. */
  record Refused(String sentence) implements Packing {}

  /** The package would be longer than {@code limitBytes}. */
  record TooLarge(long limitBytes) implements Packing {}
}
