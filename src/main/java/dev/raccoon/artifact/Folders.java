package dev.raccoon.artifact;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Folders whose entries survive a power cut. */
final class Folders {
  private Folders() {}

  /** Makes {@code folder} and what is missing above it, each durable in its parent. */
  static void make(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    Path parent = folder.getParent();
    if (parent != null) {
      make(parent);
    }
    Files.createDirectories(folder);
    if (parent != null) {
      sync(parent);
    }
  }

  /**
   * Waits until the disk has the names in {@code folder}: on Linux a folder is synced as a file.
   */
  static void sync(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
