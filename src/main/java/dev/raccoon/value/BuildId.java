package dev.raccoon.value;

import java.util.UUID;
import java.util.regex.Pattern;

/**
 * A build's id: a UUID, so that it tells nothing of how many others there are, not even of private
 * ones.
 */
public record BuildId(UUID uuid) {
  private static final Pattern FORM =
      Pattern.compile("[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}");

  /** Parses the 36 characters of a UUID, in either case. */
  public static BuildId parse(String raw) {
    // Java itself would take other texts of that length as well, such as one with a sign.
    if (FORM.matcher(raw).matches()) {
      return new BuildId(UUID.fromString(raw));
    }
    throw new InvalidValueException(
        "build_id must be a build's id, such as 0198c0de-7e57-7000-8000-000000000001.");
  }

  @Override
  public String toString() {
    return uuid.toString();
  }
}
