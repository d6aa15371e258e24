package dev.raccoon.backup;

import java.io.IOException;

/** The file is no backup, or not whole, or not as it was written. The message is a sentence. */
final class DamagedBackupException extends IOException {
  private static final long serialVersionUID = 1L;

  DamagedBackupException(String sentence) {
    super(sentence);
  }
}
