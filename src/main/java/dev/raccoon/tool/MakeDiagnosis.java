package dev.raccoon.tool;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Finds the line that says why make failed, with erlang.mk or without. The forms were read off GNU
 * make 4.3, gcc 12, git 2.39, erlang.mk from 2013 to 2025 and the compilers of OTP 25 and 27.
 */
final class MakeDiagnosis implements Diagnosis {
  private static final String MAKE = "g?make(?:\\[\\d++\\])?: ";

  /** How erlang.mk says it, or make of erlang.mk's targets: the dependency's name. */
  private static final List<Pattern> DEPENDENCIES =
      List.of(
          Pattern.compile("Error: the dependency (\\S++) was not made ready\\."),
          Pattern.compile("(?i)error: No Makefile to build dependency (?:\\S*/)?([^/\\s]+?)\\."),
          Pattern.compile("(?i)error: Unknown or invalid dependency: (\\S+?)\\.?"),
          Pattern.compile(
              MAKE + "\\*\\*\\* \\[(?:\\S+ )?(?:\\S*/)?deps/([^/\\s\\]]++)\\] Error \\d++"));

  private static final Pattern NO_ERLANG_MK =
      Pattern.compile("[^\\s:]++:\\d++: (?:\\S*/)?erlang\\.mk: No such file or directory");

  private static final Pattern CLONING =
      Pattern.compile("Cloning into '(?:[^']*/)?([^'/]++)'\\.{3}");
  private static final Pattern CLONE_FAILED =
      Pattern.compile(
          "fatal: (?:unable to access|repository|'[^']*' does not appear|could not read from|"
              + "Could not read from|unable to connect|unable to look up).*");
  private static final Pattern DOWNLOAD_FAILED =
      Pattern.compile("curl: \\(\\d++\\) .*|wget: unable to resolve .*|.* ERROR \\d{3}: .*");

  /** How Elixir ends, said before the places that the error came through. */
  private static final Pattern ELIXIR =
      Pattern.compile("\\s*+\\*\\* (\\((?:Mix|EXIT|[A-Z][A-Za-z.]*Error)\\b[^)]*+\\) .+)");

  /** How autoconf's scripts end. */
  private static final Pattern CONFIGURE = Pattern.compile("(configure: error: .+)");

  private static final Pattern STOPPED = Pattern.compile(MAKE + "\\*\\*\\* .+  Stop\\.");
  private static final Pattern OF_MAKE =
      Pattern.compile(
          MAKE
              + "(?:Entering|Leaving|Nothing to).*|Crash dump is being written.*|init terminating.*");
  private static final Pattern GAVE_UP = Pattern.compile(MAKE + "\\*\\*\\* .+");

  @Override
  public Finding of(String printed, int status) {
    PrintedLines lines = PrintedLines.of(printed);
    return CompilerError.ofErlang(lines)
        .<Finding>map(Finding.Compiler::new)
        .or(() -> dependency(lines).map(Finding.Dependency::new))
        .or(() -> MissingProgram.in(lines).map(Finding.Toolchain::new))
        .or(() -> CompilerError.ofC(lines).map(Finding.Compiler::new))
        .or(() -> download(lines).map(Finding.Dependency::new))
        .or(() -> MissingFunction.in(lines).map(Finding.Compiler::new))
        .or(() -> lastWords(lines).map(Finding.Unclear::new))
        .orElseGet(() -> new Finding.Unclear(lines.last(lastTask(printed), status)));
  }

  /** It may be a script that makes the Makefile. */
  private static String lastTask(String printed) {
    return PrintedLines.lastTask(printed).orElse("make");
  }

  private static Optional<String> dependency(PrintedLines lines) {
    if (lines.has(NO_ERLANG_MK)) {
      return Optional.of("The file erlang.mk, which the Makefile includes,");
    }
    return DEPENDENCIES.stream()
        .flatMap(form -> lines.firstGroup(form).stream())
        .findFirst()
        .map(name -> "The dependency " + name);
  }

  private static Optional<String> download(PrintedLines lines) {
    if (lines.has(CLONE_FAILED)) {
      return lines
          .lastGroup(CLONING)
          .map(name -> "The dependency " + name)
          .or(() -> Optional.of("A dependency"));
    }
    return lines.has(DOWNLOAD_FAILED)
        ? Optional.of("A file that the Makefile downloads")
        : Optional.empty();
  }

  /** What make says if it has not begun, else what was printed before it gave up. */
  private static Optional<String> lastWords(PrintedLines lines) {
    return lines
        .first(STOPPED)
        .or(() -> lines.lastGroup(CONFIGURE))
        .or(() -> lines.firstGroup(ELIXIR).map(words -> "make gave up after: " + words))
        .or(() ->
            lines.lastWordsBefore(GAVE_UP, OF_MAKE).map(words -> "make gave up after: " + words));
  }
}
