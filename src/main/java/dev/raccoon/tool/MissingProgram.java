package dev.raccoon.tool;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a server must have for a build and lacks: a program, a header or a library of C. */
final class MissingProgram {
  /** By name: a path is one of the package's own files. */
  private static final String NAME = "'?‘?([A-Za-z0-9][A-Za-z0-9._+-]*+)'?’?";

  private static final List<Pattern> PROGRAMS =
      List.of(
          Pattern.compile(
              "(?:/bin/|/usr/bin/)?(?:ba|da)?sh: (?:line )?(?:\\d++: )?(?:exec: )?"
                  + NAME
                  + ": (?:command )?not found"),
          Pattern.compile("[^\\s:]++: (?:line )?\\d++: " + NAME + ": (?:command )?not found"),
          Pattern.compile("make(?:\\[\\d++\\])?: " + NAME + ": No such file or directory"),
          Pattern.compile("bwrap: execvp " + NAME + ": No such file or directory"),
          Pattern.compile("(?:/usr/bin/)?env: " + NAME + ": No such file or directory"));

  private static final Pattern HEADER =
      Pattern.compile("\\s*+[^\\s:]++:\\d++(?::\\d++)?: fatal error: (\\S+?): No such file.*");
  private static final Pattern LIBRARY =
      Pattern.compile(
          "(?:\\S*/)?(?:[a-z0-9_-]+-)?ld(?:\\.\\w++)?: cannot find -l([^\\s:]++)(?::.*)?");

  private MissingProgram() {}

  /** A whole sentence that names it. */
  static Optional<String> in(PrintedLines lines) {
    Optional<String> header = lines.firstGroup(HEADER);
    if (header.isPresent()) {
      return header.map(name ->
          "The build needs the C header "
              + name
              + ", which neither the package nor this server has.");
    }
    return lines
        .firstGroup(LIBRARY)
        .map(name -> "The build needs the C library " + name)
        .or(() -> program(lines).map(name -> "The build needs the program " + name))
        .map(what -> what + ", which this server does not have: its operator must install it.");
  }

  private static Optional<String> program(PrintedLines lines) {
    return PROGRAMS.stream().flatMap(form -> lines.lastGroup(form).stream()).findFirst();
  }
}
