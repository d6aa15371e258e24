package dev.raccoon.artifact;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Puts too much, then little, into a store on a file system of two megabytes. */
final class FillADisk {
  private FillADisk() {}

  public static void main(String[] arguments) throws IOException {
    Path root = Path.of(arguments[0]);
    FileArtifactStore store = new FileArtifactStore(root);
    try {
      store.put(new ByteArrayInputStream(new byte[3_000_000]));
    } catch (IOException e) {
      System.out.println("refused by the disk");
    }
    try (var files = Files.list(root.resolve("incoming"))) {
      System.out.println(files.findAny().isPresent() ? "a part is left" : "nothing incoming");
    }
    store.put(new ByteArrayInputStream(new byte[500_000]));
    System.out.println("stored");
  }
}
