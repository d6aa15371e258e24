package dev.raccoon.hostile;

import tools.jackson.databind.JsonNode;

/** How the build of an attack may end. */
sealed interface Ending {
  /** Whether {@code build}, as {@code GET /builds/ID} has it, has ended so. */
  boolean is(JsonNode build);

  /** Well: the attack got nothing. */
  record Succeeded() implements Ending {
    @Override
    public boolean is(JsonNode build) {
      return state(build).equals("SUCCEEDED");
    }
  }

  /** By this very limit. */
  record Limited(String limit) implements Ending {
    @Override
    public boolean is(JsonNode build) {
      return failure(build).equals("LIMIT") && text(build, "limit").equals(limit);
    }
  }

  /** By a sentence of the packer's that has these words. */
  record Refused(String words) implements Ending {
    @Override
    public boolean is(JsonNode build) {
      return failure(build).equals("COMPILE") && text(build, "message").contains(words);
    }
  }

  /** As a package that does not build: it broke its own build, and nothing of ours. */
  record Failed() implements Ending {
    @Override
    public boolean is(JsonNode build) {
      return failure(build).equals("COMPILE") || failure(build).equals("DEPENDENCY");
    }
  }

  static Ending parse(String said) {
    String[] words = said.split(" ", 2);
    return switch (words[0]) {
      case "succeeded" -> new Succeeded();
      case "failed" -> new Failed();
      case "limit" -> new Limited(words[1]);
      case "refused" -> new Refused(words[1]);
      default -> throw new IllegalArgumentException("no ending: " + said);
    };
  }

  /** How {@code build} has ended, in a few words. */
  static String describe(JsonNode build) {
    return switch (failure(build)) {
      case "" -> state(build).toLowerCase(java.util.Locale.ROOT);
      case "LIMIT" -> "stopped by the limit of " + text(build, "limit").replace('_', ' ');
      default -> "failed: " + text(build, "message");
    };
  }

  private static String state(JsonNode build) {
    return text(build, "state");
  }

  private static String failure(JsonNode build) {
    return text(build, "failure");
  }

  private static String text(JsonNode build, String field) {
    JsonNode value = build.get(field);
    return value == null || value.isNull() ? "" : value.stringValue();
  }
}
