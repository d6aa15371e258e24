package dev.raccoon.sandbox;

import java.util.Map;

/**
 * What an operator's settings add to what every sandboxed command sees.
 *
 * @param files by their paths below {@link #ETC}, where they can be read
 * @param withWayOut environment variables of commands that have a way out
 */
public record Surroundings(Map<String, String> files, Map<String, String> withWayOut) {
  static final String FOLDER = "raccoon";

  /** The folder of the files, inside. */
  public static final String ETC = "/etc/" + FOLDER;

  /** Nothing. */
  public static final Surroundings NONE = new Surroundings(Map.of(), Map.of());

  public Surroundings {
    files = Map.copyOf(files);
    withWayOut = Map.copyOf(withWayOut);
  }
}
