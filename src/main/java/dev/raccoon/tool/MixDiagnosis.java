package dev.raccoon.tool;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the line that says why mix failed. The forms were read off Elixir 1.14, and out of the
 * documentation and the sources of 1.15 to 1.18 and of Hex 2.
 */
final class MixDiagnosis implements Diagnosis {
  private static final String DEPENDENCY = "The dependency ";

  private static final List<Pattern> NEEDS_HEX =
      List.of(
          Pattern.compile("\\*\\* \\(Mix\\) Raccoon has no Hex for the dependency (\\S++)"),
          Pattern.compile("Could not find Hex, which is needed to build dependency :(\\S++)"),
          Pattern.compile("\\*\\* \\(Mix\\) Could not find an SCM for dependency :(\\S++) .*"));

  private static final Pattern OTHER_ELIXIR =
      Pattern.compile(
          "\\*\\* \\(Mix\\) You're trying to run :(\\S++) on Elixir v(\\S++) but it has declared in"
              + " its mix\\.exs file it supports only Elixir (.+)");

  private static final Pattern GETTING = Pattern.compile("\\* (?:Getting|Updating) (\\S++) \\(.*");
  private static final Pattern GIT_FAILED =
      Pattern.compile("\\*\\* \\(Mix\\) Command \"git .* failed.*");

  private static final List<Pattern> PACKAGES =
      List.of(
          Pattern.compile("\\*\\* \\(Mix\\) No package with name (\\S++) .*"),
          Pattern.compile("\\s*+Failed to fetch record for '?(?:[^'\\s/]++/)?([^'\\s/]++)'? .*"));
  private static final Pattern UNRESOLVED =
      Pattern.compile(
          "\\*\\* \\(Mix\\) Hex dependency resolution failed.*|.*version solving failed.*");

  private static final String NO_PACKAGE =
      "the Hex repository has no such package, or not this version.";

  /** The repository was reached, and does not give it. */
  private static final Pattern NOT_GIVEN =
      Pattern.compile("This could be because the package does not exist.*");

  /** Said of what the repository itself has answered, whatever else was not let through. */
  private static final Pattern NO_VERSION =
      Pattern.compile(
          "\\*\\* \\(Mix\\) Unknown package (?:version )?(\\S++(?: \\S++)?) in lockfile.*");

  private static final Pattern OTHER_CHECKSUM =
      Pattern.compile("\\*\\* \\(Mix\\) Registry checksum mismatch against lock \\((\\S++) .*");
  private static final Pattern OTHER_KEY =
      Pattern.compile(
          "(?:\\*\\* \\(Mix(?:\\.Error)?\\) )?(Could not verify authenticity of fetched registry file)"
              + "(?:\\.| because) .*");

  /** A project cannot be its own dependency: each module has one name. */
  private static final Pattern ITSELF =
      Pattern.compile(
          "\\*\\* \\(Mix\\) Trying to load \\S++ from \"(?:[^\"]*/)?deps/([^\"/]++)/mix\\.exs\" but another"
              + " project with the same name was already defined at"
              + " \"(?:/build/[^\"/]++/)?mix\\.exs\".*");

  private static final Pattern NO_PROJECT =
      Pattern.compile("\\*\\* \\(Mix\\) Could not find a Mix\\.Project, please ensure .*");
  private static final Pattern IN_PROJECT = Pattern.compile("\\s++(mix\\.exs:\\d++): .*");

  private static final Pattern UNCHECKED = Pattern.compile("Unchecked dependencies for .*");
  private static final Pattern DIVERGED = Pattern.compile("Dependencies have diverged:");
  private static final Pattern LISTED = Pattern.compile("\\* (\\S++) .*");

  /** No reason by themselves: what they speak of was printed before. */
  private static final Pattern SUMMARY =
      Pattern.compile(
          "\\*\\* \\(Mix\\) (?:Can't continue due to errors on dependencies|Could not compile"
              + " dependency .*)|could not compile dependency .*");

  private static final Pattern WARNINGS =
      Pattern.compile("(Compilation failed due to warnings while using .*)");

  private static final Pattern EXCEPTION =
      Pattern.compile("\\s*+\\*\\* \\([A-Za-z0-9_.]++\\) (?!an exception was raised:)(.+)");

  private final Elixir elixir;

  /** Reads what {@code elixir} has printed. */
  MixDiagnosis(Elixir elixir) {
    this.elixir = elixir;
  }

  @Override
  public Finding of(String printed, int status) {
    PrintedLines lines = PrintedLines.of(printed);
    return toolchain(lines)
        .<Finding>map(Finding.Toolchain::new)
        .or(() -> unmet(lines).map(Finding.Unmet::new))
        .or(() -> fetching(lines).map(what -> new Finding.Dependency(what, whyNot(lines))))
        .or(() -> ElixirError.in(lines).map(MixDiagnosis::refused))
        .or(() -> ofProject(lines).map(Finding.Source::new))
        .or(() -> CompilerError.ofErlang(lines).map(Finding.Compiler::new))
        .or(() -> unchecked(lines).map(Finding.Dependency::new))
        .or(() -> MissingProgram.in(lines).map(Finding.Toolchain::new))
        .or(() -> CompilerError.ofC(lines).map(Finding.Compiler::new))
        .or(() -> lastWord(lines).map(Finding.Unclear::new))
        .orElseGet(() -> new Finding.Unclear(lines.last("mix", status)));
  }

  private static Finding refused(String error) {
    return error.startsWith(MixProjects.FILE + ":")
        ? new Finding.Source(error)
        : new Finding.Compiler(error);
  }

  /** What is wrong with the project's own {@code mix.exs}. */
  private static Optional<String> ofProject(PrintedLines lines) {
    if (lines.has(NO_PROJECT)) {
      return Optional.of("mix.exs defines no project.");
    }
    List<String> all = lines.all();
    for (int i = 0; i + 1 < all.size(); i++) {
      Matcher exception = EXCEPTION.matcher(all.get(i));
      Matcher place = IN_PROJECT.matcher(all.get(i + 1));
      if (exception.matches() && place.matches()) {
        return Optional.of(PrintedLines.cut(place.group(1) + ": " + exception.group(1)));
      }
    }
    return Optional.empty();
  }

  private Optional<String> toolchain(PrintedLines lines) {
    Optional<String> needsHex = first(NEEDS_HEX, lines);
    if (needsHex.isPresent()) {
      return needsHex.map(name ->
          DEPENDENCY
              + name
              + " is a package of Hex, and this server has no Hex archive that runs on Elixir "
              + elixir.version()
              + ": its operator must name one with RACCOON_HEX_ARCHIVE.");
    }
    return lines.all().stream()
        .map(OTHER_ELIXIR::matcher)
        .filter(Matcher::matches)
        .findFirst()
        .map(other ->
            PrintedLines.cut(
                other.group(1)
                    + " needs Elixir "
                    + other.group(3)
                    + ", and the newest of this server that runs on this OTP is "
                    + other.group(2)
                    + "."));
  }

  private static Optional<String> unmet(PrintedLines lines) {
    return lines
        .firstGroup(OTHER_CHECKSUM)
        .map(name ->
            DEPENDENCY
                + name
                + " is not the one that mix.lock means: its checksum there is another.")
        .or(() ->
            lines
                .firstGroup(NO_VERSION)
                .map(name -> DEPENDENCY + name + " could not be had: " + NO_PACKAGE))
        .or(() ->
            lines
                .firstGroup(ITSELF)
                .map(name ->
                    "The dependencies go round in a circle: they need "
                        + name
                        + ", which is the project itself."))
        .or(() ->
            lines
                .firstGroup(OTHER_KEY)
                .map(ignored ->
                    "What the Hex repository says of a dependency is not signed with its key. A"
                        + " mirror that signs with a key of its own needs RACCOON_HEX_MIRROR_KEY,"
                        + " which its operator sets."));
  }

  private static Optional<String> fetching(PrintedLines lines) {
    Optional<String> name =
        lines.has(GIT_FAILED) ? lines.lastGroup(GETTING) : first(PACKAGES, lines);
    return name.map(found -> DEPENDENCY + found)
        .or(() ->
            lines.has(GIT_FAILED) || lines.has(UNRESOLVED)
                ? Optional.of("A dependency")
                : Optional.empty());
  }

  private static Optional<String> whyNot(PrintedLines lines) {
    return lines.has(NOT_GIVEN) ? Optional.of(NO_PACKAGE) : Optional.empty();
  }

  private static Optional<String> unchecked(PrintedLines lines) {
    return lines.since(UNCHECKED).firstGroup(LISTED).map(name -> DEPENDENCY + name);
  }

  private static Optional<String> lastWord(PrintedLines lines) {
    return lines
        .since(DIVERGED)
        .firstGroup(LISTED)
        .map(name -> "its dependencies want different versions of " + name)
        .or(() -> lines.lastGroup(WARNINGS))
        .or(() -> lines.without(SUMMARY).lastGroup(EXCEPTION))
        .or(() -> lines.lastGroup(EXCEPTION));
  }

  private static Optional<String> first(List<Pattern> forms, PrintedLines lines) {
    return forms.stream().flatMap(form -> lines.firstGroup(form).stream()).findFirst();
  }
}
