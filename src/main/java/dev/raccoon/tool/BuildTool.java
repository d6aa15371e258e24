package dev.raccoon.tool;

import java.io.IOException;

/** A build tool as Raccoon uses it. */
interface BuildTool {
  /** What people and {@code raccoon.yaml} call it. */
  String name();

  /**
   * Whether the tree is laid out for it: by its files' names, which say nothing of their contents.
   */
  boolean fits(Checkout checkout) throws IOException;

  /** How it builds this tree. */
  Choice recipe(Checkout checkout) throws IOException, InterruptedException;
}
