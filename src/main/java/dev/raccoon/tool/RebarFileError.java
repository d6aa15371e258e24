package dev.raccoon.tool;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A file that rebar3 cannot read: {@code rebar.config}, its script, a lock, an application's. */
final class RebarFileError {
  private static final String FILE = "(?:/build/[^/:\"]++/)?([^:\"]++)";

  private static final Pattern READING =
      Pattern.compile("===> Error reading file " + FILE + ": (?:(\\d++): )?(.*)");

  /** A term follows, in several lines where it is long. */
  private static final Pattern EVALUATING =
      Pattern.compile("===> Error evaluating configuration script at \"" + FILE + "\":");

  private static final int LINES_OF_TERM = 4;
  private static final Pattern TERM = Pattern.compile("\\{error,\\{(\\d++),(.*)");
  private static final Pattern SYNTAX =
      Pattern.compile("erl_(?:parse|scan),\\[\"([^\"]*+)\",\\[?\"([^\"]*+)\".*");
  private static final Pattern RAISED =
      Pattern.compile("file,\\{(?:error|exit|throw),(.+?),\\[\\{.*");

  /** What was fetched is not the repository's. */
  private static final String FETCHED = "_build/";

  private RebarFileError() {}

  static Optional<Finding> in(PrintedLines lines) {
    List<String> all = lines.all();
    for (int i = 0; i < all.size(); i++) {
      Matcher reading = READING.matcher(all.get(i));
      if (reading.matches()) {
        return Optional.of(finding(reading.group(1), reading.group(2), reading.group(3)));
      }
      Matcher evaluating = EVALUATING.matcher(all.get(i));
      if (evaluating.matches()) {
        return Optional.of(evaluated(evaluating.group(1), all.subList(i + 1, all.size())));
      }
    }
    return Optional.empty();
  }

  private static Finding evaluated(String script, List<String> rest) {
    String term =
        rest.stream().limit(LINES_OF_TERM).map(String::strip).collect(Collectors.joining());
    Matcher error = TERM.matcher(term);
    if (!error.matches()) {
      return finding(script, null, "it cannot be evaluated.");
    }
    Matcher syntax = SYNTAX.matcher(error.group(2));
    if (syntax.matches()) {
      return finding(script, error.group(1), syntax.group(1) + syntax.group(2));
    }
    Matcher raised = RAISED.matcher(error.group(2));
    return finding(
        script,
        error.group(1),
        "it raises " + (raised.matches() ? raised.group(1) : error.group(2)));
  }

  private static Finding finding(String file, @Nullable String line, String why) {
    String words = why.strip();
    String sentence =
        PrintedLines.cut(
            file
                + (line == null ? "" : ", line " + line)
                + ": "
                + (words.endsWith("before:") ? words + " the end of the file" : words));
    return file.startsWith(FETCHED) ? new Finding.Unmet(sentence) : new Finding.Source(sentence);
  }
}
