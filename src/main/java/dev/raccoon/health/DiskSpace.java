package dev.raccoon.health;

import java.io.File;
import java.nio.file.Path;

/** The free space of the data directory's disk: below a limit no build starts. */
public final class DiskSpace {
  private final File folder;
  private final long leastBytes;

  /** At least {@code leastBytes} must be free where {@code folder} lies. */
  public DiskSpace(Path folder, long leastBytes) {
    this.folder = folder.toFile();
    this.leastBytes = leastBytes;
  }

  /** Whether a build may start. */
  public boolean isEnough() {
    return folder.getUsableSpace() >= leastBytes;
  }

  String describe() {
    long free = folder.getUsableSpace() >> 20;
    return isEnough()
        ? free + " MiB free"
        : free + " MiB free: builds wait until it is " + (leastBytes >> 20) + " MiB";
  }
}
