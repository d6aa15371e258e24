package dev.raccoon.toolchain;

import dev.raccoon.toolchain.ErlangTerm.Atom;
import dev.raccoon.toolchain.ErlangTerm.ListOf;
import dev.raccoon.toolchain.ErlangTerm.Tuple;
import dev.raccoon.toolchain.ErlangTerms.Parsed;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a root's {@code rebar.config} sets beside dependencies, as far as a server has to know it.
 *
 * @param builds whether it says anything of building; one that is absent or cannot be read may
 * @param outputFolder below a profile's folder: where rebar3 puts all applications, own and fetched
 */
public record RebarSettings(boolean builds, Path outputFolder) {
  private static final RebarSettings DEFAULT = new RebarSettings(true, Path.of("lib"));

  /** What steers formatters, linters and other tools of developers, and no build. */
  private static final Set<String> OF_DEVELOPERS =
      Set.of(
          "alias",
          "dialyzer",
          "edoc_opts",
          "elvis",
          "elvis_output_format",
          "erlfmt",
          "eqwalizer",
          "ex_doc",
          "format",
          "hank",
          "hex",
          "lint",
          "plugins",
          "project_plugins",
          "shell",
          "xref_checks",
          "xref_extra_paths",
          "xref_ignores",
          "xref_queries",
          "xref_warnings");

  /** Those of the tree's root. */
  public static RebarSettings read(Path tree) throws IOException {
    return TreeFile.read(tree, "rebar.config", RepositoryConfig.MAX_BYTES)
                instanceof TreeFile.Content(byte[] bytes)
            && ErlangTerms.parse(bytes) instanceof Parsed(List<ErlangTerm> terms)
        ? of(terms)
        : DEFAULT;
  }

  private static RebarSettings of(List<ErlangTerm> terms) {
    boolean builds = terms.isEmpty() || !terms.stream().allMatch(RebarSettings::isOfDevelopers);
    // Of two settings of one name the last one counts for rebar3.
    Path output =
        new ListOf(terms.reversed())
            .property("deps_dir")
            .flatMap(ErlangTerm::characters)
            .flatMap(RebarSettings::path)
            .orElse(DEFAULT.outputFolder());
    return new RebarSettings(builds, output);
  }

  private static boolean isOfDevelopers(ErlangTerm term) {
    return term instanceof Tuple(List<ErlangTerm> parts)
        && !parts.isEmpty()
        && parts.getFirst() instanceof Atom(String name)
        && OF_DEVELOPERS.contains(name);
  }

  private static Optional<Path> path(String text) {
    try {
      return Optional.of(Path.of(text));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }
}
