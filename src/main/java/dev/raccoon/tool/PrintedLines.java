package dev.raccoon.tool;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The lines that a task has printed, without what steers a terminal, without blank ones and without
 * Raccoon's own.
 *
 * <p>What is read may be made to be slow to read: each line is cut before any pattern sees it.
 */
record PrintedLines(List<String> all) {
  private static final int MAX_LINE = 300;
  private static final int MAX_READ_OF_LINE = 1000;

  // Half a character (Cs) is what cutting a line may leave.
  private static final Pattern CONTROL =
      Pattern.compile("\\x1b\\[[0-9;]*+[A-Za-z]|[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");

  /** Lines before a failure among which its reason is looked for. */
  private static final int LAST_WORDS = 20;

  private static final Pattern SPEAKS_OF_ERROR = Pattern.compile("(?i).*\\b(?:error|fatal)\\b.*");

  /** The beginning of each line of Raccoon's own in a build's log. */
  private static final String OWN = "==> ";

  private static final Pattern TASK = Pattern.compile(OWN + "(.{1,100}), with OTP \\S{1,50}");

  static PrintedLines of(String printed) {
    return of(printed.lines());
  }

  /** Those of the task that was begun last. */
  static PrintedLines ofLastTask(String printed) {
    List<String> last =
        printed.lines().toList().reversed().stream().takeWhile(line -> !isOwn(line)).toList();
    return of(last.reversed().stream());
  }

  /** The title of the task that was begun last. */
  static Optional<String> lastTask(String printed) {
    return printed
        .lines()
        .map(TASK::matcher)
        .filter(Matcher::matches)
        .reduce((one, next) -> next)
        .map(matcher -> cut(matcher.group(1)));
  }

  private static PrintedLines of(Stream<String> lines) {
    return new PrintedLines(
        lines
            .map(line -> line.substring(0, Math.min(line.length(), MAX_READ_OF_LINE)))
            .map(line -> CONTROL.matcher(line).replaceAll(""))
            .filter(line -> !line.isBlank() && !isOwn(line))
            .toList());
  }

  private static boolean isOwn(String line) {
    return line.startsWith(OWN.strip());
  }

  /** Those from the first that {@code pattern} finds at its beginning on. */
  PrintedLines since(Pattern pattern) {
    return new PrintedLines(
        all.stream().dropWhile(line -> !pattern.matcher(line).lookingAt()).toList());
  }

  PrintedLines without(Pattern pattern) {
    return new PrintedLines(all.stream().filter(matches(pattern).negate()).toList());
  }

  boolean has(Pattern pattern) {
    return all.stream().anyMatch(matches(pattern));
  }

  /** The first that is all of {@code pattern}, cut. */
  Optional<String> first(Pattern pattern) {
    return all.stream().filter(matches(pattern)).findFirst().map(PrintedLines::cut);
  }

  /** What the first that is all of {@code pattern} has as its first group, cut. */
  Optional<String> firstGroup(Pattern pattern) {
    return group(pattern, all.stream());
  }

  /** What the last that is all of {@code pattern} has as its first group, cut. */
  Optional<String> lastGroup(Pattern pattern) {
    return group(pattern, all.reversed().stream());
  }

  /**
   * The last words of what failed: before the first line that is all of {@code gaveUp}, the last
   * that speaks of an error, else the last; cut. Lines that are all of {@code noise} do not count.
   */
  Optional<String> lastWordsBefore(Pattern gaveUp, Pattern noise) {
    if (!has(gaveUp)) {
      return Optional.empty();
    }
    List<String> before = without(noise).all.stream().takeWhile(matches(gaveUp).negate()).toList();
    return new PrintedLines(before).lastError();
  }

  /** The last that speaks of an error, else the last; cut. */
  Optional<String> lastError() {
    List<String> backwards = all.reversed();
    return backwards.stream()
        .limit(LAST_WORDS)
        .filter(matches(SPEAKS_OF_ERROR))
        .findFirst()
        .or(() -> backwards.stream().findFirst())
        .map(PrintedLines::cut);
  }

  /** Blanks say nothing: what follows them is looked at. */
  private static Optional<String> group(Pattern pattern, Stream<String> lines) {
    return lines
        .map(pattern::matcher)
        .filter(Matcher::matches)
        .map(matcher -> cut(matcher.group(1)))
        .filter(group -> !group.isEmpty())
        .findFirst();
  }

  private static Predicate<String> matches(Pattern pattern) {
    return pattern.asMatchPredicate();
  }

  /** In words that follow a full stop or a semicolon: the last line, or that there is none. */
  String last(String tool, int status) {
    String ended = tool + " ended with status " + status;
    return cut(
        all.isEmpty() ? ended + " and said nothing." : ended + "; its last line: " + all.getLast());
  }

  static String cut(String line) {
    String text = line.strip();
    if (text.length() <= MAX_LINE) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(MAX_LINE - 1)) ? MAX_LINE - 1 : MAX_LINE;
    return text.substring(0, end) + "…";
  }
}
