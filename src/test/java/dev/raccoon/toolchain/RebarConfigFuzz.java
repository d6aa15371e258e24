package dev.raccoon.toolchain;

import dev.raccoon.fuzz.FuzzTarget;
import dev.raccoon.fuzz.Property;
import java.util.List;
import java.util.Optional;

/** A {@code rebar.config}. */
public final class RebarConfigFuzz implements FuzzTarget {
  @Override
  public List<String> seeds() {
    return List.of(
        "{erl_opts, [debug_info]}.\n{deps, [jsx, {cowboy, \"2.9.0\"}, {ranch, {pkg, other}}]}.",
        "{deps, [{a, {git, \"https://example.org/a.git\", {tag, \"1.0.0\"}}}]}.\n{plugins, [x]}.",
        "{deps, [{b, \".*\", {git, \"git://example.org/b\", \"main\"}, [raw]}]}.",
        "{deps, [{c, {git_subdir, \"u\", {branch, \"m\"}, \"d\"}}, {'D', \"1\"}, 1]}. {profiles, []}.");
  }

  @Override
  public void check(byte[] input) {
    RebarDependencies read = RebarDependencies.parse(input);
    read.notes().forEach(Property::sentence);
    Property.holds(read.deps().size() <= 1000, "too many");
    for (Dependency dependency : read.deps()) {
      Property.holds(AppFile.isName(dependency.name()), "no name");
      switch (dependency) {
        case Dependency.Git(_, String url, Optional<Dependency.Revision> revision) -> {
          Property.printable(url);
          revision.map(Dependency.Revision::text).ifPresent(Property::printable);
        }
        case Dependency.Hex(_, String packageName, Optional<String> requirement) -> {
          Property.holds(AppFile.isName(packageName), "no name");
          requirement.ifPresent(Property::printable);
        }
      }
    }
  }
}
