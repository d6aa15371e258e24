package dev.raccoon;

/** What a process does of what the server can. */
public enum Role {
  /** Answers and builds. */
  SERVE,
  /** Answers; others build. */
  ANSWER,
  /** Builds; others answer. */
  BUILD;

  boolean answers() {
    return this != BUILD;
  }

  boolean builds() {
    return this != ANSWER;
  }
}
