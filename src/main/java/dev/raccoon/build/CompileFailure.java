package dev.raccoon.build;

import dev.raccoon.catalog.FailureKind;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the line that says why rebar3 failed. Its forms were read off rebar3 3.19 and the compilers
 * of OTP 25 and 27.
 */
final class CompileFailure {
  private static final int MAX_LINE = 300;

  /** What rebar3 was about when it could not have a dependency: it says so before it fails. */
  private static final Pattern FETCHING = Pattern.compile("(?m)^===> Fetching ([^\\s,]+)");

  private static final Pattern MISSING =
      Pattern.compile(
          "(?m)^===> (?:Package not found|Failed to (?:fetch|update)|Unable to (?:fetch|run)|.*(?:rebar_fetch|dependenc)).*");
  private static final Pattern ERROR_LINE =
      Pattern.compile(
          "(?m)^\\s*(?:[│└┌ ]*)((?:[^\\s:]+/)?[^\\s:]+\\.(?:erl|hrl|xrl|yrl|asn1|src|app|config):\\d+(?::\\d+)?: (?!Warning).+)$");
  private static final Pattern LAST_WORD = Pattern.compile("(?m)^===> (.+)$");
  private static final Pattern CONTROL =
      Pattern.compile("\\x1b\\[[0-9;]*[A-Za-z]|[\\p{Cc}\\p{Cf}&&[^\\n]]");

  private CompileFailure() {}

  /** Reads the end of a failed build's log. */
  static Step<BuildPlan> read(BuildPlan plan, String printed, int status) {
    // The text before rebar3 began is the server's own.
    String output = CONTROL.matcher(printed).replaceAll("");
    String package_ = "The package does not compile on OTP " + plan.otp().version().major() + ": ";
    Optional<String> missing = missingDependency(output);
    if (missing.isPresent()) {
      return new Step.Failed<>(FailureKind.DEPENDENCY, missing.get());
    }
    Optional<String> reason = first(ERROR_LINE, output).or(() -> lastWord(output));
    return new Step.Failed<>(
        FailureKind.COMPILE,
        package_ + reason.orElse("rebar3 ended with status " + status + " and said nothing."));
  }

  private static Optional<String> missingDependency(String output) {
    Optional<String> fetching = last(FETCHING, output);
    boolean failed = output.contains("rebar_fetch") || MISSING.matcher(output).find();
    if (fetching.isPresent() && failed) {
      return Optional.of(
          "The dependency " + fetching.get() + " could not be had: builds have no network.");
    }
    Matcher missing = MISSING.matcher(output);
    return missing.find()
        ? Optional.of("A dependency could not be had: " + cut(missing.group().substring(5)))
        : Optional.empty();
  }

  private static Optional<String> lastWord(String output) {
    return last(LAST_WORD, output).map(CompileFailure::cut);
  }

  private static Optional<String> first(Pattern pattern, String output) {
    Matcher matcher = pattern.matcher(output);
    return matcher.find() ? Optional.of(cut(matcher.group(1))) : Optional.empty();
  }

  private static Optional<String> last(Pattern pattern, String output) {
    Matcher matcher = pattern.matcher(output);
    String found = null;
    while (matcher.find()) {
      found = matcher.group(1);
    }
    return Optional.ofNullable(found);
  }

  private static String cut(String line) {
    String text = line.strip();
    return text.length() <= MAX_LINE ? text : text.substring(0, MAX_LINE) + "…";
  }
}
