package dev.raccoon.coon;

import dev.raccoon.http.RefusedException;
import dev.raccoon.value.BuildId;
import dev.raccoon.value.InvalidValueException;

/** Builds as addresses name them. */
final class BuildPath {
  private BuildPath() {}

  /** The id in an address; a text that is no id names no build, as any other unknown one: a 404. */
  static BuildId id(String raw) {
    try {
      return BuildId.parse(raw);
    } catch (InvalidValueException e) {
      throw new RefusedException(404, "There is no such build: " + e.getMessage());
    }
  }
}
