package dev.raccoon.tool;

/**
 * Reads why a task failed in the end of what was printed. It may have been made to be slow to read.
 */
public interface Diagnosis {
  /**
   * Why it failed.
   *
   * @param printed the end of the build's log, which may begin in the middle of a line
   * @param status what the task ended with
   */
  Finding of(String printed, int status);
}
