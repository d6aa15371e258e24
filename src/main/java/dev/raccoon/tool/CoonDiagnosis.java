package dev.raccoon.tool;

import java.util.List;
import java.util.Optional;

/** Reads what the script of {@link Coon} has said last; what it has not said is another's. */
final class CoonDiagnosis implements Diagnosis {
  private static final String CONVERT = "coon: cannot convert: ";
  private static final String FETCH = "coon: cannot fetch ";
  private static final String BUILD = "coon: cannot build: ";

  private final Diagnosis rebar3;

  CoonDiagnosis(Diagnosis rebar3) {
    this.rebar3 = rebar3;
  }

  @Override
  public Finding of(String printed, int status) {
    List<String> lines = printed.lines().toList();
    Optional<String> last =
        lines.reversed().stream()
            .takeWhile(line -> !line.startsWith("==>"))
            .filter(line -> line.startsWith("coon: cannot "))
            .findFirst()
            .map(Words::plain);
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
