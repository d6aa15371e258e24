package dev.raccoon.source;

import dev.raccoon.value.CloneUrl;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads git's last words and tells whose fault it was. The phrases are those of git's sources. */
final class GitFailure {
  private static final int MAX_REASON_LENGTH = 300;
  private static final List<String> NO_SUCH_REPOSITORY =
      List.of(
          "repository not found",
          "' not found",
          "does not appear to be a git repository",
          "is this a git repository?",
          "dumb http transport does not support shallow capabilities",
          "could not read username",
          "authentication failed",
          "the requested url returned error: 401",
          "the requested url returned error: 403",
          "the requested url returned error: 404",
          "the requested url returned error: 410",
          "the requested url returned error: 451");
  private static final Pattern ELSEWHERE =
      Pattern.compile("the requested url returned error: 30[1-8]|update url base from redirection");

  /** What {@link Git}'s own limits make it say; a remote's words have theirs before them. */
  private static final Pattern TOO_MUCH =
      Pattern.compile(
          "^(?:fatal: (?:out of memory|mmap failed)|error: [a-z-]++ died of signal 25)",
          Pattern.MULTILINE);

  private static final Pattern NOT_THERE =
      Pattern.compile(
          "(?:not our ref|unadvertised object) (?<commit>[0-9a-f]{40,64})"
              + "|couldn't find remote ref (?<name>\\S+)");
  // Without a way back: a remote may send a line of nothing but blanks.
  private static final Pattern REASON =
      Pattern.compile("^(?:fatal|error|remote):[^\\S\\r\\n]*+(\\S[^\\r\\n]*+)", Pattern.MULTILINE);
  private static final Pattern LOCAL_PATH = Pattern.compile("(?<![\\w:/.-])/[^\\s'\":]+");
  private static final Pattern UNPRINTABLE =
      Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");

  private GitFailure() {}

  /** What {@code output} of a failed command means; the sentence holds no path of this machine. */
  static FetchResult read(CloneUrl url, String output) {
    String lower = output.toLowerCase(Locale.ROOT);
    if (notThere(output).isPresent()) {
      return new FetchResult.Refused(url + " does not have that commit any more.");
    }
    if (NO_SUCH_REPOSITORY.stream().anyMatch(lower::contains)) {
      return new FetchResult.Refused("There is no repository that anyone may read at " + url + ".");
    }
    if (ELSEWHERE.matcher(lower).find()) {
      return new FetchResult.Refused(
          url
              + " leads elsewhere: name the repository's present address, which on many hosts ends in .git.");
    }
    if (TOO_MUCH.matcher(lower).find()) {
      return new FetchResult.Refused(
          url + " needs more memory, or larger files, than a fetch may have.");
    }
    return new FetchResult.Unavailable(url + " could not be fetched: " + reason(output));
  }

  /**
   * The commit id or the full name of the one ref on account of which a whole fetch failed: the
   * remote does not have it.
   */
  static Optional<String> notThere(String output) {
    Matcher found = NOT_THERE.matcher(output);
    return found.find()
        ? Optional.ofNullable(found.group("commit")).or(() -> Optional.of(found.group("name")))
        : Optional.empty();
  }

  /** The first complaint, as the others follow from it; a remote may have had its say in it. */
  private static String reason(String output) {
    Matcher reason = REASON.matcher(output);
    String text = reason.find() ? LOCAL_PATH.matcher(reason.group(1)).replaceAll("…") : "";
    String safe = UNPRINTABLE.matcher(text).replaceAll(" ").strip();
    String cut = safe.isEmpty() ? "git said nothing" : cut(safe);
    return cut.endsWith(".") ? cut : cut + ".";
  }

  /** The beginning, in whole characters. */
  private static String cut(String text) {
    int end = Math.min(text.length(), MAX_REASON_LENGTH);
    return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end);
  }
}
