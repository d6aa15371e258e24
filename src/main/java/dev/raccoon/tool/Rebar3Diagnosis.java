package dev.raccoon.tool;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds the line that says why rebar3 failed. Its forms were read off rebar3 3.19 and the compilers
 * of OTP 25 and 27.
 *
 * <p>What is read may be made to be slow to read: each line is cut before any pattern sees it.
 */
final class Rebar3Diagnosis implements Diagnosis {
  private static final int MAX_LINE = 300;
  private static final int MAX_READ_OF_LINE = 1000;

  // Half a character (Cs) is what cutting a line may leave.
  private static final Pattern CONTROL =
      Pattern.compile("\\x1b\\[[0-9;]*+[A-Za-z]|[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");

  private static final Pattern COMPILING_FAILED = Pattern.compile("===> Compiling \\S++ failed");
  private static final Pattern ERROR =
      Pattern.compile("\\s*+[^\\s:]++:(?:\\d++(?::\\d++)?|\\{\\d++,\\d++\\}|none): (?!Warning:).+");

  /** What rebar3 was about when it could not have a dependency: it says so before it fails. */
  private static final Pattern FETCHING = Pattern.compile("===> Fetching ([^\\s,]++).*");

  private static final Pattern FETCH_FAILED =
      Pattern.compile("===> Failed to fetch .*|.*rebar_fetch:format_error.*");
  private static final Pattern NO_PACKAGE =
      Pattern.compile("===> Package not found in any repo: (.+)");
  private static final Pattern OTHER_CHECKSUM =
      Pattern.compile("===> Checksum mismatch for package (\\S++) from repo .*");

  /** What rebar3 says of a signature by another key, and of a repository with another name. */
  private static final Pattern OTHER_KEY =
      Pattern.compile("===> The registry repository (\\S++) uses a record format .*");

  private static final Pattern NO_PLUGIN =
      Pattern.compile("===> Errors loading plugin (\\S+?)\\..*");
  private static final Pattern NO_PLUGIN_TO_RUN = Pattern.compile("===> Unable to run .*");

  private static final Pattern PROGRESS =
      Pattern.compile("===> (?:Verifying|Analyzing|Compiling|Fetching) (?!.* failed$).*");
  private static final Pattern LAST_WORD = Pattern.compile("===> (.+)");

  @Override
  public Finding of(String printed, int status) {
    List<String> lines = lines(printed);
    Optional<String> compiler = compilerError(lines);
    Optional<String> missing = compiler.isPresent() ? Optional.empty() : missing(lines);
    Optional<String> distrust =
        missing.isPresent() ? distrust(missing.get(), lines) : Optional.empty();
    if (distrust.isPresent()) {
      return new Finding.Distrusted(distrust.get());
    }
    if (missing.isPresent()) {
      return new Finding.Dependency(missing.get());
    }
    return compiler
        .<Finding>map(line -> new Finding.Compiler(cut(line)))
        .or(() -> lastWord(lines).map(word -> new Finding.Unclear(cut(word))))
        .orElseGet(
            () -> new Finding.Unclear(cut("rebar3 ended with status " + status + lastLine(lines))));
  }

  private static List<String> lines(String printed) {
    return printed
        .lines()
        .map(line -> line.substring(0, Math.min(line.length(), MAX_READ_OF_LINE)))
        .map(line -> CONTROL.matcher(line).replaceAll(""))
        .filter(line -> !line.isBlank() && !line.startsWith("==>"))
        .toList();
  }

  /** The compiler's first error, which comes after rebar3 has said that it failed. */
  private static Optional<String> compilerError(List<String> lines) {
    Stream<String> sinceFailed =
        lines.stream().dropWhile(line -> !COMPILING_FAILED.matcher(line).lookingAt());
    return sinceFailed.filter(matches(ERROR)).findFirst();
  }

  private static Optional<String> missing(List<String> lines) {
    if (lines.stream().anyMatch(matches(FETCH_FAILED))) {
      return last(FETCHING, lines)
          .map(name -> "The dependency " + name)
          .or(() -> Optional.of("A dependency"));
    }
    Optional<String> hexPackage = last(NO_PACKAGE, lines).map(name -> "The dependency " + name);
    return hexPackage.isPresent() || lines.stream().noneMatch(matches(NO_PLUGIN_TO_RUN))
        ? hexPackage
        : last(NO_PLUGIN, lines).map(name -> "The plugin " + name);
  }

  /** Why something is {@code missing} that could be had. */
  private static Optional<String> distrust(String missing, List<String> lines) {
    return last(OTHER_CHECKSUM, lines)
        .map(name ->
            "The dependency "
                + name
                + " is not the one that rebar.lock means: its checksum there is another.")
        .or(() ->
            last(OTHER_KEY, lines)
                .map(repository ->
                    missing
                        + " could not be had: what the Hex repository "
                        + repository
                        + " says is not signed with its key. A mirror that signs with a key of its"
                        + " own needs RACCOON_HEX_MIRROR_KEY, which its operator sets."));
  }

  private static Optional<String> lastWord(List<String> lines) {
    return last(LAST_WORD, lines.stream().filter(matches(PROGRESS).negate()).toList());
  }

  private static String lastLine(List<String> lines) {
    return lines.isEmpty() ? " and said nothing." : "; its last line: " + lines.getLast();
  }

  private static Predicate<String> matches(Pattern pattern) {
    return pattern.asMatchPredicate();
  }

  private static Optional<String> last(Pattern pattern, List<String> lines) {
    return lines.reversed().stream()
        .map(pattern::matcher)
        .filter(Matcher::matches)
        .findFirst()
        .map(matcher -> cut(matcher.group(1)));
  }

  private static String cut(String line) {
    String text = line.strip();
    if (text.length() <= MAX_LINE) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(MAX_LINE - 1)) ? MAX_LINE - 1 : MAX_LINE;
    return text.substring(0, end) + "…";
  }
}
