package dev.raccoon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** What the queue takes in, gives out, and spreads over nodes. Run by {@code bench/queue}. */
final class QueueFigures {
  private static final int SECONDS = 20;

  private QueueFigures() {}

  /** FOLDER [PART…]: all of them, or only those. */
  public static void main(String... arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    Set<String> parts = Set.of(arguments);
    boolean all = arguments.length == 1;
    if (all || parts.contains("requests")) {
      System.out.println(AcceptedRequests.measure(sub(folder, "requests"), SECONDS));
    }
    if (all || parts.contains("workers")) {
      System.out.println(ManyWorkers.measure(SECONDS));
    }
    if (all || parts.contains("nodes")) {
      System.out.println(TwoNodes.measure(sub(folder, "nodes")));
    }
    System.exit(0);
  }

  private static Path sub(Path folder, String name) throws IOException {
    return Files.createDirectory(folder.resolve(name));
  }
}
