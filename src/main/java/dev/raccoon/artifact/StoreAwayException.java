package dev.raccoon.artifact;

import java.io.IOException;

/** The store lies elsewhere and does not answer, or refuses to work for this server. */
public final class StoreAwayException extends IOException {
  private static final long serialVersionUID = 1L;

  StoreAwayException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
