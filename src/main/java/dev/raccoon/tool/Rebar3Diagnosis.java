package dev.raccoon.tool;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the line that says why rebar3 failed. Its forms were read off rebar3 3.19 and the compilers
 * of OTP 25 and 27, and out of the sources of rebar3 3.24.
 */
final class Rebar3Diagnosis implements Diagnosis {
  private static final Pattern COMPILING_FAILED = Pattern.compile("===> Compiling \\S++ failed");

  /** What rebar3 was about when it could not have a dependency: it says so before it fails. */
  private static final Pattern FETCHING = Pattern.compile("===> Fetching ([^\\s,]++).*");

  private static final Pattern FETCH_FAILED =
      Pattern.compile("===> Failed to fetch .*|.*rebar_fetch:format_error.*");
  private static final Pattern FETCHED_FROM =
      Pattern.compile("===> Failed to fetch and copy dep: \\{git(?:_subdir)?,\"([^\"]++)\".*");
  private static final Pattern NO_PACKAGE =
      Pattern.compile("===> Package not found in any repo: (.+)");
  private static final Pattern OTHER_CHECKSUM =
      Pattern.compile("===> Checksum mismatch for package (\\S++) from repo .*");

  /** What rebar3 says of a signature by another key, and of a repository with another name. */
  private static final Pattern OTHER_KEY =
      Pattern.compile("===> The registry repository (\\S++) uses a record format .*");

  private static final Pattern NO_PLUGIN =
      Pattern.compile("===> Errors loading plugin \\{?([^\\s{,.]++).*");
  private static final Pattern NO_PLUGIN_TO_RUN = Pattern.compile("===> Unable to run .*");

  private static final Pattern TOO_OLD_AN_OTP =
      Pattern.compile("===> OTP release (\\S++) or later is required\\. Version in use: (\\S++)");
  private static final Pattern REFUSED_OTP =
      Pattern.compile("===> OTP release (\\S++) matches blacklisted version (\\S++)");

  /** What rebar3 or a plugin says of a program that it has run, such as make or gcc. */
  private static final Pattern HOOK_FAILED =
      Pattern.compile(
          "===> Hook for \\S++ failed!"
              + "|===> Compiling \\S++\\.(?:c|cc|cpp|cxx|C) failed.*"
              + "|.*\\bfailed with return code:? \\d.*");

  /** No reason of their own; nor are the places that a script's error came through. */
  private static final Pattern PROGRESS =
      Pattern.compile(
          "===> (?:Verifying|Analyzing|Compiling|Fetching) (?!.* failed$).*"
              + "|===> When submitting a bug report.*|\\s++in (?:function|call from) .*|g?make(?:\\[\\d++\\])?: (?:\\*\\*\\*|Entering|Leaving) .*");

  private static final Pattern CYCLE = Pattern.compile("applications: (.+ depend on each other)");

  /** What is said of a crash alone. */
  private static final String CRASHED =
      "rebar3 crashed: rebar.config, rebar.lock, an .app.src or a plugin of the repository has"
          + " something in a form that it does not know.";

  private static final Pattern CRASH = Pattern.compile("===> Uncaught error in .*");
  private static final Pattern LAST_WORD = Pattern.compile("===> (.+)");

  @Override
  public Finding of(String printed, int status) {
    PrintedLines lines = PrintedLines.of(printed);
    Optional<Finding> hook = lines.has(HOOK_FAILED) ? hook(lines) : Optional.empty();
    return hook.orElseGet(() -> ownFinding(lines, status));
  }

  private static Finding ownFinding(PrintedLines lines, int status) {
    return CompilerError.quoted(lines.since(COMPILING_FAILED))
        .<Finding>map(Finding.Compiler::new)
        .or(() -> missing(lines).map(what -> notHad(what, lines)))
        .or(() ->
            lines
                .firstGroup(CYCLE)
                .map(names -> new Finding.Unmet("The applications " + names + ".")))
        .or(() -> otp(lines).map(Finding.Toolchain::new))
        .or(() -> MissingFunction.in(lines).map(Finding.Compiler::new))
        .or(() -> RebarFileError.in(lines))
        .or(() -> lastWord(lines).map(Finding.Unclear::new))
        .or(() -> lines.first(CRASH).map(ignored -> new Finding.Source(CRASHED)))
        .orElseGet(() -> new Finding.Unclear(lines.last("rebar3", status)));
  }

  private static Finding notHad(String what, PrintedLines lines) {
    return distrust(what, lines)
        .<Finding>map(Finding.Unmet::new)
        .orElseGet(() -> new Finding.Dependency(what, why(lines)));
  }

  /** Where it is not for the network, of which rebar3 knows nothing. */
  private static Optional<String> why(PrintedLines lines) {
    if (lines.has(FETCH_FAILED)) {
      return lines
          .lastGroup(FETCHED_FROM)
          .map(url -> "there is no " + url + " that anyone may read, or not what is asked of it.");
    }
    return lines.has(NO_PACKAGE)
        ? Optional.of("the Hex repository has no such package, or not this version.")
        : Optional.empty();
  }

  private static Optional<String> missing(PrintedLines lines) {
    if (lines.has(FETCH_FAILED)) {
      return lines
          .lastGroup(FETCHING)
          .map(name -> "The dependency " + name)
          .or(() -> Optional.of("A dependency"));
    }
    Optional<String> hexPackage = lines.lastGroup(NO_PACKAGE).map(name -> "The dependency " + name);
    return hexPackage.isPresent() || !(lines.has(NO_PLUGIN_TO_RUN) || lines.has(CRASH))
        ? hexPackage
        : lines.lastGroup(NO_PLUGIN).map(name -> "The plugin " + name);
  }

  /** Why something is {@code missing} that could be had. */
  private static Optional<String> distrust(String missing, PrintedLines lines) {
    return lines
        .lastGroup(OTHER_CHECKSUM)
        .map(name ->
            "The dependency "
                + name
                + " is not the one that rebar.lock means: its checksum there is another.")
        .or(() ->
            lines
                .lastGroup(OTHER_KEY)
                .map(repository ->
                    missing
                        + " could not be had: what the Hex repository "
                        + repository
                        + " says is not signed with its key. A mirror that signs with a key of its"
                        + " own needs RACCOON_HEX_MIRROR_KEY, which its operator sets."));
  }

  private static Optional<String> otp(PrintedLines lines) {
    for (String line : lines.all()) {
      Matcher older = TOO_OLD_AN_OTP.matcher(line);
      if (older.matches()) {
        return Optional.of(
            PrintedLines.cut(
                "The package needs OTP %s or later; this is %s."
                    .formatted(older.group(1), older.group(2))));
      }
      Matcher refused = REFUSED_OTP.matcher(line);
      if (refused.matches()) {
        return Optional.of(
            PrintedLines.cut(
                "The package refuses OTP %s; this is %s."
                    .formatted(refused.group(2), refused.group(1))));
      }
    }
    return Optional.empty();
  }

  /** What a hook says, such as make in {@code c_src}: its own error, else its last words. */
  private static Optional<Finding> hook(PrintedLines lines) {
    return MissingProgram.in(lines)
        .<Finding>map(Finding.Toolchain::new)
        .or(() -> CompilerError.ofC(lines).map(Finding.Compiler::new))
        .or(() -> MissingFunction.in(lines).map(Finding.Compiler::new))
        .or(() ->
            lines
                .lastWordsBefore(HOOK_FAILED, PROGRESS)
                .map(words -> new Finding.Unclear("a hook failed after: " + words)));
  }

  private static Optional<String> lastWord(PrintedLines lines) {
    return lines.without(PROGRESS).without(CRASH).lastGroup(LAST_WORD);
  }
}
