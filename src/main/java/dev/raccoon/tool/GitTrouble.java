package dev.raccoon.tool;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Why git did not fetch a dependency: by its own words (2.39 and 2.47), or, where a tool keeps them
 * to itself as rebar3 does, by what it was asked for. All in words that follow "could not be had:".
 */
public final class GitTrouble {
  private static final Pattern NO_REPOSITORY =
      Pattern.compile("fatal: repository '([^']+?)/?' not found");
  private static final List<Pattern> NO_REVISION =
      List.of(
          Pattern.compile("fatal: Remote branch (\\S++) not found in upstream .*"),
          Pattern.compile("fatal: couldn't find remote ref (\\S++)"),
          Pattern.compile("fatal: reference is not a tree: (\\S++)"),
          Pattern.compile("fatal: remote error: upload-pack: not our ref (\\S++)"),
          Pattern.compile("error: pathspec '([^']++)' did not match .*"));

  private static final Pattern OTHER = Pattern.compile("fatal: (.+)");

  /** rebar3 breaks the line wherever its term is long. */
  private static final Pattern REBAR3_FETCHES =
      Pattern.compile(
          "===> Fetching [^\\s,]++ \\(from \\{git, ?\"([^\"]{1,1000})\"(?:, ?\\{(tag|branch|ref), ?\"([^\"]{1,1000})\"\\})?");

  private GitTrouble() {}

  /** What the task that was begun last has {@code printed} of it. */
  public static Optional<String> in(String printed) {
    PrintedLines lines = PrintedLines.ofLastTask(printed);
    return lines
        .lastGroup(NO_REPOSITORY)
        .map(url -> "there is no repository at " + asWritten(url) + ".")
        .or(() ->
            NO_REVISION.stream()
                .flatMap(form -> lines.lastGroup(form).stream())
                .findFirst()
                .map(revision -> "its repository has no " + revision + "."))
        .or(() -> lines.lastGroup(OTHER).map(words -> "git says: " + words))
        .or(() -> ofRebar3(lines));
  }

  /** Inside of the sandbox, every address is rewritten. */
  private static String asWritten(String url) {
    return url.startsWith("http://") ? "https" + url.substring("http".length()) : url;
  }

  private static Optional<String> ofRebar3(PrintedLines lines) {
    String all = lines.all().stream().map(String::strip).collect(Collectors.joining(" "));
    Matcher fetches = REBAR3_FETCHES.matcher(all);
    Optional<String> last = Optional.empty();
    while (fetches.find()) {
      String revision =
          fetches.group(2) == null
              ? ""
              : "the %s %s of "
                  .formatted(fetches.group(2).replace("ref", "commit"), fetches.group(3));
      last = Optional.of("git could not fetch " + revision + fetches.group(1) + ".");
    }
    return last.map(PrintedLines::cut);
  }
}
