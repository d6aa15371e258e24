package dev.raccoon.sandbox;

import dev.raccoon.value.Limit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A control group of one build: the kernel counts all that its processes use together, whatever
 * they do, and lets them have no more than its limits. Thread-safe.
 */
sealed interface ControlGroup extends Meter, AutoCloseable permits ControlGroupV1, ControlGroupV2 {
  /**
   * The files to which a shell writes its own number ({@code echo $$ >FILE}) before it becomes the
   * build: from then on it and all that it starts are in the group.
   */
  List<Path> processFiles();

  /**
   * Which limit the kernel has enforced: MEMORY when it has killed a process for want of memory,
   * PROCESSES when it has refused to make one.
   */
  Optional<Limit> exceeded() throws IOException;

  /** Kills all that is in it. They may still be dying when this returns. */
  void kill() throws IOException;

  /**
   * Kills all that is in it, waits until it is gone, interrupted or not, and removes the group.
   *
   * @throws IOException when some process does not die within seconds
   */
  @Override
  void close() throws IOException;
}
