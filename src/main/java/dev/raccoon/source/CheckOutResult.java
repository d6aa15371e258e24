package dev.raccoon.source;

/** What a check-out came to. */
public sealed interface CheckOutResult {
  /** The work tree is there. */
  record Made() implements CheckOutResult {}

  /** The repository's fault, in a sentence: no work tree can be made of it here. */
  record Refused(String sentence) implements CheckOutResult {}

  /** A submodule is missing that could not be fetched: another fetch may have it. */
  record Unavailable(String sentence) implements CheckOutResult {}
}
