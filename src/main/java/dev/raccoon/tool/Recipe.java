package dev.raccoon.tool;

import java.util.List;

/**
 * How a tree is built with one tool, on one OTP.
 *
 * @param tool what people and {@code raccoon.yaml} call it
 * @param files what is laid into the tree before anything runs, in place of what is there
 * @param prepare fetches what the tree needs beside itself, with a way out; empty when that is
 *     nothing
 * @param compile compiles it, without any network
 * @param output where the compiled applications lie then
 * @param diagnosis reads why one of them failed
 */
public record Recipe(
    String tool,
    List<LaidFile> files,
    List<Task> prepare,
    List<Task> compile,
    Output output,
    Diagnosis diagnosis) {
  public Recipe {
    files = List.copyOf(files);
    prepare = List.copyOf(prepare);
    compile = List.copyOf(compile);
  }

  /**
   * A file that Raccoon writes itself.
   *
   * @param path relative to the tree, with slashes
   */
  public record LaidFile(String path, String text) {}
}
