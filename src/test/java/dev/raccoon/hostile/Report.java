package dev.raccoon.hostile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What a run has shown: a line for each attack, as {@code docs/threat-model.md} has it. */
record Report(Map<Trial, Outcome> outcomes) {
  private static final int MAX_WORDS = 120;

  static final String HEAD =
      """
      | Attack | What it tries | What stops it | How its build ends |
      |---|---|---|---|
      """;

  /** The beginning of an attack's line: all of it that no run changes. */
  static String beginning(Attack attack) {
    return "| `%s` | %s | %s | ".formatted(attack.name(), attack.tries(), attack.stoppedBy());
  }

  /** Writes those attacks that have run, by their names. */
  void write(Path file) throws IOException {
    List<String> lines = new ArrayList<>();
    for (Attack attack : Attack.all()) {
      String ends =
          outcomes.entrySet().stream()
              .filter(entry -> entry.getKey().attack().equals(attack))
              .collect(
                  Collectors.groupingBy(
                      entry -> words(entry.getValue()),
                      java.util.TreeMap::new,
                      Collectors.mapping(
                          entry -> String.join(", ", entry.getKey().steps()),
                          Collectors.joining(", "))))
              .entrySet()
              .stream()
              .map(entry -> entry.getValue() + ": " + entry.getKey())
              .collect(Collectors.joining("; "));
      if (!ends.isEmpty()) {
        lines.add(beginning(attack) + ends + " |\n");
      }
    }
    Files.writeString(file, HEAD + String.join("", lines));
  }

  /** In one line of a table, of a stranger's words too. */
  private static String words(Outcome outcome) {
    String words = Ending.describe(outcome.build()).replaceAll("[^\\x20-\\x7e]|[|`<>\\\\]", "?");
    String shortened = words.length() > MAX_WORDS ? words.substring(0, MAX_WORDS) + "..." : words;
    boolean held = outcome.log().lines().noneMatch(line -> line.startsWith("BREACH:"));
    return held ? shortened : "**not held**, " + shortened;
  }
}
