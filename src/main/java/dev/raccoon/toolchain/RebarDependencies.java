package dev.raccoon.toolchain;

import dev.raccoon.toolchain.Dependency.Git;
import dev.raccoon.toolchain.Dependency.Hex;
import dev.raccoon.toolchain.Dependency.Revision;
import dev.raccoon.toolchain.ErlangTerm.Atom;
import dev.raccoon.toolchain.ErlangTerm.ListOf;
import dev.raccoon.toolchain.ErlangTerm.Tuple;
import dev.raccoon.toolchain.ErlangTerms.Malformed;
import dev.raccoon.toolchain.ErlangTerms.Parsed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The {@code deps} of a {@code rebar.config}, in the forms of rebar3's "Dependencies" page and of
 * rebar 2. What has another form is left out with a note.
 */
record RebarDependencies(List<Dependency> deps, boolean fetches, List<String> notes) {
  /** What makes rebar3 fetch something, where it is not an empty list. */
  private static final List<String> FETCHED =
      List.of("deps", "plugins", "project_plugins", "profiles", "provider_hooks");

  private static final int MAX_DEPENDENCIES = 1000;
  private static final Pattern PRINTABLE = Pattern.compile("[\\P{C}&&[^\\p{Zl}\\p{Zp}]]{1,2000}");

  RebarDependencies {
    deps = List.copyOf(deps);
    notes = List.copyOf(notes);
  }

  static RebarDependencies parse(byte[] rebarConfig) {
    return switch (ErlangTerms.parse(rebarConfig)) {
      case Malformed(int line, String why) -> noted("rebar.config, line " + line + ": " + why);
      case Parsed(List<ErlangTerm> terms) ->
          switch (new ListOf(terms).property("deps").orElse(NONE)) {
            case ListOf(List<ErlangTerm> elements) -> of(elements, fetches(new ListOf(terms)));
            default -> noted("rebar.config: deps is no list of dependencies.");
          };
    };
  }

  private static final ListOf NONE = new ListOf(List.of());

  private static boolean fetches(ListOf terms) {
    return FETCHED.stream().anyMatch(name -> !terms.property(name).orElse(NONE).equals(NONE));
  }

  /** For a file that this server cannot read; rebar3 may. */
  static RebarDependencies noted(String note) {
    return new RebarDependencies(List.of(), true, List.of(note));
  }

  private static RebarDependencies of(List<ErlangTerm> elements, boolean fetches) {
    if (elements.size() > MAX_DEPENDENCIES) {
      return noted("rebar.config: deps has more than " + MAX_DEPENDENCIES + " entries.");
    }
    List<Dependency> deps = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    for (int i = 0; i < elements.size(); i++) {
      Optional<Dependency> dependency = dependency(elements.get(i));
      if (dependency.isPresent()) {
        deps.add(dependency.get());
      } else {
        notes.add("rebar.config: entry " + (i + 1) + " of deps has a form that is not known.");
      }
    }
    return new RebarDependencies(deps, fetches, notes);
  }

  private static Optional<Dependency> dependency(ErlangTerm entry) {
    if (entry instanceof Tuple(List<ErlangTerm> parts)
        && !parts.isEmpty()
        && parts.getFirst() instanceof Atom(String name)) {
      return AppFile.isName(name) ? dependency(name, parts) : Optional.empty();
    }
    return entry instanceof Atom(String name) && AppFile.isName(name)
        ? Optional.of(new Hex(name, name, Optional.empty()))
        : Optional.empty();
  }

  /** {Name, Version}, {Name, Source}, {Name, Version, Source} or, by rebar 2, with options. */
  private static Optional<Dependency> dependency(String name, List<ErlangTerm> parts) {
    Optional<String> version = parts.size() > 1 ? printable(parts.get(1)) : Optional.empty();
    int source = version.isPresent() ? 2 : 1;
    if (parts.size() > source && parts.get(source) instanceof Tuple(List<ErlangTerm> place)) {
      return from(name, version, place);
    }
    return version.map(text -> new Hex(name, name, Optional.of(text)));
  }

  private static Optional<Dependency> from(
      String name, Optional<String> version, List<ErlangTerm> place) {
    if (place.size() < 2 || !(place.getFirst() instanceof Atom(String kind))) {
      return Optional.empty();
    }
    return switch (kind) {
      case "git", "git_subdir" ->
          printable(place.get(1))
              .flatMap(url -> place.size() == 2 ? git(name, url) : git(name, url, place.get(2)));
      case "pkg" ->
          place.get(1) instanceof Atom(String packageName) && AppFile.isName(packageName)
              ? Optional.of(new Hex(name, packageName, version))
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  private static Optional<Dependency> git(String name, String url) {
    return Optional.of(new Git(name, url, Optional.empty()));
  }

  private static Optional<Dependency> git(String name, String url, ErlangTerm revision) {
    return revision(revision).map(known -> new Git(name, url, Optional.of(known)));
  }

  private static Optional<Revision> revision(ErlangTerm written) {
    if (written instanceof Tuple(List<ErlangTerm> parts)
        && parts.size() == 2
        && parts.getFirst() instanceof Atom(String kind)) {
      Optional<String> text = printable(parts.getLast());
      return switch (kind) {
        case "tag" -> text.map(tag -> new Revision(Revision.Kind.TAG, tag));
        case "branch" -> text.map(branch -> new Revision(Revision.Kind.BRANCH, branch));
        case "ref" -> text.map(commit -> new Revision(Revision.Kind.COMMIT, commit));
        default -> Optional.empty();
      };
    }
    // rebar takes a bare string for whatever git checks out: a commit, a tag or a branch.
    return printable(written).map(text -> new Revision(Revision.Kind.COMMIT, text));
  }

  private static Optional<String> printable(ErlangTerm term) {
    return term.characters().filter(text -> PRINTABLE.matcher(text).matches());
  }
}
