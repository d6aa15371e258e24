package dev.raccoon.hostile;

import dev.raccoon.hostile.Outcome.Neighbour;
import dev.raccoon.testing.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Groups of attacks on one server: each group is built at once, with a good package beside it. */
final class Raid {
  /** When an attack is stopped that waits for just that. */
  private static final Map<String, String> SOON = Map.of("silence", "10s", "time", "25s");

  private final HostileServer server;
  private final Path folder;
  private final Leftovers leftovers;
  private final String neighbour;
  private final Map<Trial, Outcome> outcomes = new LinkedHashMap<>();
  private final Set<Trial> begun = new HashSet<>();

  /** On {@code server}, with the packages' trees below {@code folder}. */
  Raid(HostileServer server, Path folder) throws IOException {
    this.server = server;
    this.folder = folder;
    publishNeighbour();
    neighbour = server.request("neighbour");
    JsonNode first = server.awaitEnd(neighbour);
    if (!first.get("state").stringValue().equals("SUCCEEDED")) {
      throw new AssertionError("the good package does not build: " + server.log(neighbour));
    }
    this.leftovers = server.leftovers();
  }

  private void publishNeighbour() throws IOException {
    Path tree = folder.resolve("neighbour");
    lay(Attack.FOLDER.resolve("neighbour"), tree);
    Files.writeString(tree.resolve("secret"), server.secrets().ofNeighbour() + "\n");
    server.publish("neighbour", tree);
  }

  /** What came of {@code trial}; its group is built when the first of it is asked for. */
  Outcome of(Trial trial) throws IOException {
    if (!begun.contains(trial)) {
      run(Trial.groups().stream().filter(group -> group.contains(trial)).findFirst().orElseThrow());
    }
    return Optional.ofNullable(outcomes.get(trial))
        .orElseThrow(() -> new AssertionError("builds at once with this one have not ended"));
  }

  private void run(List<Trial> group) throws IOException {
    begun.addAll(group);
    for (Trial trial : group) {
      server.publish(trial.repository(), tree(trial));
      for (String limit : trial.waitsFor()) {
        server.limit(trial.repository(), "{\"%s\": \"%s\"}".formatted(limit, SOON.get(limit)));
      }
    }
    List<String> callersBefore = server.listeners().callers();
    Map<Trial, String> ids = new HashMap<>();
    String beside = server.again(neighbour);
    group.forEach(trial -> ids.put(trial, server.request(trial.repository())));
    TreeSet<String> health = new TreeSet<>();
    for (Trial trial : group) {
      untilItEnds(() -> {
        health.add(health());
        return server.ended(id(ids, trial));
      });
    }
    Neighbour built = new Neighbour(server.awaitEnd(beside), server.log(beside));
    List<String> left = leftovers();
    List<String> callers =
        server.listeners().callers().stream().skip(callersBefore.size()).toList();
    for (Trial trial : group) {
      String id = id(ids, trial);
      outcomes.put(
          trial,
          new Outcome(server.build(id), server.log(id), built, List.copyOf(health), left, callers));
    }
  }

  /** One that does not is judged as it is then. */
  private static void untilItEnds(Supplier<Optional<JsonNode>> ended) {
    try {
      Patience.await(ended);
    } catch (AssertionError e) {
      // Its state says so.
    }
  }

  private static String id(Map<Trial, String> ids, Trial trial) {
    return Optional.ofNullable(ids.get(trial)).orElseThrow();
  }

  private String health() {
    JsonNode response = new JsonMapper().readTree(server.get("/health").body()).get("response");
    return response.isObject() ? response.get("status").stringValue() : response.stringValue();
  }

  /** Builds end a moment before the last of them is removed. */
  private List<String> leftovers() {
    try {
      return Patience.await(() -> Optional.of(leftovers.now()).filter(List::isEmpty));
    } catch (AssertionError e) {
      return leftovers.now();
    }
  }

  /** The tree of {@code trial}, as it is published. */
  Path tree(Trial trial) throws IOException {
    Path tree = folder.resolve(trial.repository());
    lay(Attack.FOLDER.resolve("skeleton"), tree);
    lay(Attack.FOLDER.resolve(trial.attack().name()), tree);
    Files.writeString(tree.resolve("steps"), String.join(" ", trial.steps()) + "\n");
    Files.writeString(tree.resolve("target"), server.target());
    return tree;
  }

  /** What has come of all so far, in the order in which they ran. */
  Map<Trial, Outcome> outcomes() {
    return outcomes;
  }

  private static void lay(Path from, Path to) {
    try {
      Files.walkFileTree(
          from,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
                throws IOException {
              Files.createDirectories(to.resolve(from.relativize(folder)));
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Path copy = to.resolve(from.relativize(file));
              Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
