package dev.raccoon.tool;

/** How a tree is to be built, or why it cannot be. */
public sealed interface Choice {
  record Chosen(Recipe recipe) implements Choice {}

  /**
   * This server lacks a program.
   *
   * @param sentence which one, and for what
   */
  record NoProgram(String sentence) implements Choice {}

  /**
   * The repository cannot be built as it is.
   *
   * @param sentence why
   */
  record Unbuildable(String sentence) implements Choice {}
}
