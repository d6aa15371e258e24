package dev.raccoon.artifact;

/** Leaves the walk of a tree early; {@link Packer} turns it into a {@link Packing.Refused}. */
final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  RefusedException(String sentence) {
    super(sentence, null, false, false);
  }

  String sentence() {
    return String.valueOf(getMessage());
  }
}
