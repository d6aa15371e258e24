package dev.raccoon.db;

/**
 * The database cannot be had: it does not start, does not answer, or refuses a migration. The
 * message is a sentence for the operator. It is always our own trouble, never a package's.
 */
public final class DatabaseException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DatabaseException(String sentence) {
    super(sentence);
  }

  DatabaseException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
