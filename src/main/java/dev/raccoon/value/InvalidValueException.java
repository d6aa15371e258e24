package dev.raccoon.value;

/**
 * Input that cannot be accepted. The message is a sentence for the person who sent it: it says what
 * to mend, and holds no class name, path or SQL.
 */
public final class InvalidValueException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** An input that is refused with {@code sentence}. */
  public InvalidValueException(String sentence) {
    super(sentence, null, false, false);
  }
}
