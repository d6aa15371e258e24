package dev.raccoon.tool;

import java.util.Optional;
import java.util.regex.Pattern;

/** Finds the line that says why rebar 2 failed. Its forms were read off rebar 2.6.4. */
final class Rebar2Diagnosis implements Diagnosis {
  private static final Pattern FETCHING = Pattern.compile("Pulling ([A-Za-z0-9_@]++) from .*");
  private static final Pattern NOT_FETCHED =
      Pattern.compile("ERROR: (?:sh\\((?:git|hg|svn|bzr) .*|Failed to acquire source from .*)");
  private static final Pattern NOT_THERE =
      Pattern.compile("Dependency not available: ([A-Za-z0-9_@]++)-.*");
  private static final Pattern OTHER_OTP =
      Pattern.compile(
          "ERROR: ((?:OTP release|ERTS version) \\S++ (?:does not match|or later is) .*)");
  private static final Pattern NO_TERMS =
      Pattern.compile(
          "ERROR: Failed to (?:load|extract \\w++ from) (?:/build/[^/]++/)?(\\S+?): .*");

  /** Each step says it of itself, whatever it was. */
  private static final Pattern AROUND =
      Pattern.compile("ERROR: \\S++ failed while processing .*|ERROR: Command \\S++ failed.*");

  private static final Pattern ERROR = Pattern.compile("ERROR: (.+)");

  @Override
  public Finding of(String printed, int status) {
    PrintedLines lines = PrintedLines.of(printed);
    return CompilerError.ofErlang(lines)
        .<Finding>map(Finding.Compiler::new)
        .or(() -> missing(lines).map(Finding.Dependency::new))
        .or(() -> lines.firstGroup(OTHER_OTP).map(words -> new Finding.Toolchain(words + ".")))
        .or(() -> MissingProgram.in(lines).map(Finding.Toolchain::new))
        .or(() ->
            lines
                .firstGroup(NO_TERMS)
                .map(file -> new Finding.Source(file + " does not hold Erlang terms.")))
        .or(() -> CompilerError.ofC(lines).map(Finding.Compiler::new))
        .or(() -> MissingFunction.in(lines).map(Finding.Compiler::new))
        .or(() -> lines.without(AROUND).firstGroup(ERROR).map(Finding.Unclear::new))
        .orElseGet(() -> new Finding.Unclear(lines.last("rebar", status)));
  }

  private static Optional<String> missing(PrintedLines lines) {
    if (lines.has(NOT_FETCHED)) {
      return lines
          .lastGroup(FETCHING)
          .map(name -> "The dependency " + name)
          .or(() -> Optional.of("A dependency"));
    }
    return lines.firstGroup(NOT_THERE).map(name -> "The dependency " + name);
  }
}
