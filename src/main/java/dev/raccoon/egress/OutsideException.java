package dev.raccoon.egress;

/** The other side could not be reached, or did not do its part; with a sentence and a status. */
final class OutsideException extends Exception {
  private static final long serialVersionUID = 1L;
  final int status;

  /** {@code status} is 502 or 504. */
  OutsideException(int status, String sentence) {
    super(sentence);
    this.status = status;
  }
}
