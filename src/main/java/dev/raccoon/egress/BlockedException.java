package dev.raccoon.egress;

/** A request that is not passed on since a host is not to be connected to, wherever it leads. */
final class BlockedException extends RefusedException {
  private static final long serialVersionUID = 1L;

  BlockedException(String sentence) {
    super(sentence);
  }
}
