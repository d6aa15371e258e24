package dev.raccoon.egress;

/** The other side could not be reached, or did not do its part; with a sentence and a status. */
final class OutsideException extends Exception {
  private static final long serialVersionUID = 1L;
  final int status;
  final boolean temporary;

  /** {@code status} is 502 or 504; {@code temporary} what may well go the next time. */
  OutsideException(int status, boolean temporary, String sentence) {
    super(sentence);
    this.status = status;
    this.temporary = temporary;
  }
}
