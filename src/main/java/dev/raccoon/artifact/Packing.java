package dev.raccoon.artifact;

import dev.raccoon.value.Sha256;
import java.nio.file.Path;

/** What came of packing an application. In all cases but the first there is no file. */
public sealed interface Packing {
  /** The package is in {@code file}, with so many members, folders included. */
  record Packed(Path file, Sha256 digest, long sizeBytes, int members) implements Packing {}

  /** The work tree holds what no package may; {@code sentence} says what, for its author. */
  record Refused(String sentence) implements Packing {}

  /** The package would be longer than {@code limitBytes}. */
  record TooLarge(long limitBytes) implements Packing {}
}
