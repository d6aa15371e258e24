package dev.raccoon.build;

/** Our fault: the build is tried again. The message is a sentence for the build's record. */
final class InfrastructureException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String sentence;

  InfrastructureException(String sentence) {
    super(sentence);
    this.sentence = sentence;
  }

  String sentence() {
    return sentence;
  }
}
