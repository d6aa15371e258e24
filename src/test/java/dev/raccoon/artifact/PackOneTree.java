package dev.raccoon.artifact;

import java.io.IOException;
import java.nio.file.Path;

/** Packs the tree of the first argument into the second, in a process of its own. */
final class PackOneTree {
  private PackOneTree() {}

  public static void main(String[] arguments) throws IOException {
    TreeFixture tree = new TreeFixture(Path.of(arguments[0])).withSource();
    System.out.println(TreeFixture.packer().pack(tree.application(), Path.of(arguments[1])));
  }
}
