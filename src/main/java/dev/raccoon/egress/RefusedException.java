package dev.raccoon.egress;

/** A request that is not passed on, with a sentence for the build's log. */
class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  RefusedException(String sentence) {
    super(sentence);
  }
}
