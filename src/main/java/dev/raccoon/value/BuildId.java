package dev.raccoon.value;

import java.util.UUID;

/**
 * A build's id: a UUID, so that it tells nothing of how many others there are, not even of private
 * ones.
 */
public record BuildId(UUID uuid) {
  /** Parses the 36 characters of a UUID. */
  public static BuildId parse(String raw) {
    if (raw.length() == 36) {
      try {
        return new BuildId(UUID.fromString(raw));
      } catch (IllegalArgumentException e) {
        // Refused below, as any other text.
      }
    }
    throw new InvalidValueException(
        "build_id must be a build's id, such as 0198c0de-7e57-7000-8000-000000000001.");
  }

  @Override
  public String toString() {
    return uuid.toString();
  }
}
