package dev.raccoon.source;

import dev.raccoon.value.CloneUrl;
import java.util.List;
import java.util.Locale;

/** Reads git's last words and tells whose fault it was. */
final class GitFailure {
  private static final List<String> NO_SUCH_REPOSITORY =
      List.of(
          "repository not found",
          "does not appear to be a git repository",
          "does not exist",
          "not found",
          "could not read username",
          "authentication failed",
          "the requested url returned error: 401",
          "the requested url returned error: 403",
          "the requested url returned error: 404",
          "unable to update url base from redirection",
          "not our ref",
          "couldn't find remote ref",
          "unadvertised object");

  private GitFailure() {}

  /** What {@code output} of a failed command means; it must not hold a path of this machine. */
  static FetchResult read(CloneUrl url, String output) {
    String lower = output.toLowerCase(Locale.ROOT);
    if (lower.contains("not our ref") || lower.contains("unadvertised object")) {
      return new FetchResult.Refused(url + " does not have that commit.");
    }
    if (NO_SUCH_REPOSITORY.stream().anyMatch(lower::contains)) {
      return new FetchResult.Refused("There is no repository that anyone may read at " + url + ".");
    }
    return new FetchResult.Unavailable(url + " could not be fetched: " + lastLine(output));
  }

  private static String lastLine(String output) {
    return output
        .lines()
        .filter(line -> !line.isBlank())
        .reduce((first, second) -> second)
        .orElse("git said nothing.");
  }
}
