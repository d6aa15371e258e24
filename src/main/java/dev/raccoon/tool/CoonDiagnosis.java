package dev.raccoon.tool;

import java.util.Optional;
import java.util.regex.Pattern;

/** Reads what the script of {@link Coon} has said last; what it has not said is another's. */
final class CoonDiagnosis implements Diagnosis {
  private static final String CONVERT = "coon: cannot convert: ";
  private static final String FETCH = "coon: cannot fetch ";
  private static final String BUILD = "coon: cannot build: ";

  private static final Pattern COMPLAINT = Pattern.compile("(coon: cannot .*)");

  private final Diagnosis rebar3;

  CoonDiagnosis(Diagnosis rebar3) {
    this.rebar3 = rebar3;
  }

  @Override
  public Finding of(String printed, int status) {
    Optional<String> last = PrintedLines.ofLastTask(printed).lastGroup(COMPLAINT);
    return last.flatMap(CoonDiagnosis::finding).orElseGet(() -> rebar3.of(printed, status));
  }

  private static Optional<Finding> finding(String line) {
    if (line.startsWith(CONVERT)) {
      return Optional.of(new Finding.Source(line.substring(CONVERT.length())));
    }
    if (line.startsWith(FETCH)) {
      return Optional.of(
          new Finding.Dependency("The dependency " + line.substring(FETCH.length())));
    }
    return line.startsWith(BUILD)
        ? Optional.of(new Finding.Unclear(line.substring(BUILD.length())))
        : Optional.empty();
  }
}
