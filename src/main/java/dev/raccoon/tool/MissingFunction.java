package dev.raccoon.tool;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A function that a package's own scripts call while it is built, and that this OTP lacks. */
final class MissingFunction {
  private static final String ATOM = "[a-z][A-Za-z0-9_@]*+";

  /** As a script's interpreter says it, with the number of arguments. */
  private static final Pattern SAID =
      Pattern.compile(
          ".*(?:exception error: undefined function |undefined, )("
              + ATOM
              + ":"
              + ATOM
              + "/\\d++).*");

  /** As a term of Erlang, which may go on in the next line. */
  private static final Pattern TERM =
      Pattern.compile(".*\\bundef,\\s?\\[\\{(" + ATOM + "),(" + ATOM + "),.*");

  private static final Pattern TERM_BEGINS = Pattern.compile(".*\\bundef,");

  private MissingFunction() {}

  /** The end of a sentence that begins with what the package does not do. */
  static Optional<String> in(PrintedLines lines) {
    return lines
        .firstGroup(SAID)
        .or(() -> term(lines))
        .map(name -> "there is no function " + name + ".");
  }

  private static Optional<String> term(PrintedLines lines) {
    String before = "";
    for (String line : lines.all()) {
      Matcher term = TERM.matcher(before + line.strip());
      if (term.matches()) {
        return Optional.of(term.group(1) + ":" + term.group(2));
      }
      before = TERM_BEGINS.matcher(line).matches() ? "undef," : "";
    }
    return Optional.empty();
  }
}
