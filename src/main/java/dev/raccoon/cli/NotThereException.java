package dev.raccoon.cli;

/** What a command names is not there. The message is a sentence. */
final class NotThereException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NotThereException(String sentence) {
    super(sentence, null, false, false);
  }
}
