package dev.raccoon.toolchain;

import dev.raccoon.toolchain.ErlangTerm.Atom;
import dev.raccoon.toolchain.ErlangTerm.ListOf;
import dev.raccoon.toolchain.ErlangTerm.Tuple;
import dev.raccoon.toolchain.ErlangTerms.Malformed;
import dev.raccoon.toolchain.ErlangTerms.Parsed;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code rebar.lock}: a list of locks alone, as rebar3 writes it where there is no package of Hex,
 * or {@code {Version, Locks}} and the packages' checksums.
 */
final class RebarLock {
  private static final ListOf NONE = new ListOf(List.of());

  private RebarLock() {}

  static LockFile parse(byte[] bytes) {
    return switch (ErlangTerms.parse(bytes)) {
      case Malformed(int line, String why) ->
          LockFile.unreadable("rebar.lock, line " + line + ": " + why);
      case Parsed(List<ErlangTerm> terms) ->
          locks(terms)
              .map(locks -> of(locks, terms.size() > 1 ? terms.get(1) : NONE))
              .orElseGet(() -> LockFile.unreadable("rebar.lock: it is no list of locks."));
    };
  }

  private static Optional<List<ErlangTerm>> locks(List<ErlangTerm> terms) {
    if (terms.isEmpty()) {
      return Optional.of(List.of());
    }
    ErlangTerm first = terms.getFirst();
    if (first instanceof Tuple(List<ErlangTerm> parts) && parts.size() == 2) {
      first = parts.getLast();
    }
    return first instanceof ListOf(List<ErlangTerm> locks) ? Optional.of(locks) : Optional.empty();
  }

  private static LockFile of(List<ErlangTerm> locks, ErlangTerm attributes) {
    Map<String, String> inner = checksums(attributes, "pkg_hash");
    Map<String, String> outer = checksums(attributes, "pkg_hash_ext");
    return LockFile.of(
        "rebar.lock",
        locks.stream()
            .map(RebarLock::dependency)
            .map(found ->
                found.map(one ->
                    one.with(
                        Optional.ofNullable(inner.get(one.name())),
                        Optional.ofNullable(outer.get(one.name())))))
            .toList());
  }

  private static Map<String, String> checksums(ErlangTerm attributes, String name) {
    Map<String, String> checksums = new HashMap<>();
    if (attributes instanceof ListOf list
        && list.property(name).orElse(NONE) instanceof ListOf(List<ErlangTerm> pairs)) {
      for (ErlangTerm each : pairs) {
        if (each instanceof Tuple(List<ErlangTerm> pair) && pair.size() == 2) {
          Optional<String> value = pair.getLast().characters();
          pair.getFirst()
              .characters()
              .ifPresent(key -> value.ifPresent(v -> checksums.put(key, v)));
        }
      }
    }
    return checksums;
  }

  /** {@code {Name, Source, Level}}. */
  private static Optional<ResolvedDependency> dependency(ErlangTerm lock) {
    return lock instanceof Tuple(List<ErlangTerm> parts)
            && parts.size() == 3
            && parts.get(1) instanceof Tuple(List<ErlangTerm> source)
            && source.size() >= 3
            && source.getFirst() instanceof Atom(String kind)
        ? parts.getFirst().characters().flatMap(name -> from(name, kind, source))
        : Optional.empty();
  }

  private static Optional<ResolvedDependency> from(
      String name, String kind, List<ErlangTerm> source) {
    Optional<String> where = source.get(1).characters();
    return switch (kind) {
      case "pkg" ->
          where.flatMap(packageName ->
              source
                  .get(2)
                  .characters()
                  .flatMap(version -> ResolvedDependency.hex(name, packageName, version, "hexpm")));
      case "git", "git_subdir" ->
          where.flatMap(
              url -> ref(source.get(2)).flatMap(ref -> ResolvedDependency.git(name, url, ref)));
      default -> Optional.empty();
    };
  }

  private static Optional<String> ref(ErlangTerm written) {
    return written instanceof Tuple(List<ErlangTerm> pair)
            && pair.size() == 2
            && pair.getFirst().equals(new Atom("ref"))
        ? pair.getLast().characters()
        : Optional.empty();
  }
}
