package dev.raccoon.hostile;

import java.util.List;
import java.util.UUID;

/**
 * What attacks look for, each in a place of its own. Nobody may read any of it in a log, an answer
 * or a package.
 *
 * @param ofDataDirectory a file there has it
 * @param ofEnvironment the server's environment has it, as a password
 * @param ofNeighbour another package's repository has it
 */
record Secrets(String ofDataDirectory, String ofEnvironment, String ofNeighbour) {
  static Secrets made() {
    return new Secrets(secret(), secret(), secret());
  }

  private static String secret() {
    return "sesame-" + UUID.randomUUID();
  }

  String[] all() {
    return List.of(ofDataDirectory, ofEnvironment, ofNeighbour).toArray(String[]::new);
  }
}
