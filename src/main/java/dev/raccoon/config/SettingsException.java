package dev.raccoon.config;

/** Settings with which the server cannot start. The message names the setting and what to mend. */
public final class SettingsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Settings refused with {@code sentence}. */
  public SettingsException(String sentence) {
    super(sentence, null, false, false);
  }
}
