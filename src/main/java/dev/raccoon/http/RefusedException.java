package dev.raccoon.http;

/** A request that is refused with a status and a sentence for the person who sent it. */
public final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String sentence;

  /** Refused with {@code status}, a 4xx, a 503, or a 500 of which there is something to say. */
  public RefusedException(int status, String sentence) {
    super(sentence, null, false, false);
    this.status = status;
    this.sentence = sentence;
  }

  Answer answer() {
    return Envelope.bad(status, sentence);
  }
}
