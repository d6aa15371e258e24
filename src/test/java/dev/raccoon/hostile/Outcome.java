package dev.raccoon.hostile;

import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * What came of a trial.
 *
 * @param build as {@code GET /builds/ID} has it
 * @param log its whole log
 * @param neighbour the build that ran beside it, and its log
 * @param health what {@code /health} has answered meanwhile, each answer once
 * @param leftovers what was there afterwards and not before
 * @param callers who has connected to what listens outside of the sandbox
 */
record Outcome(
    JsonNode build,
    String log,
    Neighbour neighbour,
    List<String> health,
    List<String> leftovers,
    List<String> callers) {
  /** A good package's build. */
  record Neighbour(JsonNode build, String log) {}
}
