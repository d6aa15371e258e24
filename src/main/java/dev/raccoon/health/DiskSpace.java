package dev.raccoon.health;

import java.io.File;
import java.nio.file.Path;
import java.util.Optional;

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

  /** Why no build starts, in a sentence, if none does. */
  public Optional<String> shortage() {
    return isEnough()
        ? Optional.empty()
        : Optional.of("The disk of the node that builds has " + describe() + ".");
  }

  String describe() {
    long free = folder.getUsableSpace() >> 20;
    return isEnough()
        ? free + " MiB free"
        : free + " MiB free: builds wait until it is " + (leastBytes >> 20) + " MiB";
  }
}
