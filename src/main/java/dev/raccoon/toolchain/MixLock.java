package dev.raccoon.toolchain;

import dev.raccoon.toolchain.ErlangTerm.Atom;
import dev.raccoon.toolchain.ErlangTerm.Entry;
import dev.raccoon.toolchain.ErlangTerm.MapOf;
import dev.raccoon.toolchain.ErlangTerm.Text;
import dev.raccoon.toolchain.ErlangTerm.Tuple;
import java.util.List;
import java.util.Optional;

/**
 * {@code mix.lock}: one map of names to {@code {:hex, package, version, inner, managers, deps,
 * repository, outer}} and {@code {:git, url, commit, options}}. Nothing of it is evaluated.
 */
final class MixLock {
  private MixLock() {}

  static LockFile parse(byte[] bytes) {
    if (bytes.length > ErlangTerms.MAX_BYTES) {
      return LockFile.unreadable(
          "mix.lock: it is larger than " + ErlangTerms.MAX_BYTES + " bytes.");
    }
    try {
      MapOf map = new ElixirLiteral(SourceText.decode(bytes)).readMap();
      return LockFile.of("mix.lock", map.entries().stream().map(MixLock::dependency).toList());
    } catch (MalformedTermException e) {
      return LockFile.unreadable("mix.lock, line " + e.line() + ": " + e.why());
    }
  }

  private static Optional<ResolvedDependency> dependency(Entry entry) {
    return entry.value() instanceof Tuple(List<ErlangTerm> parts)
            && parts.size() >= 3
            && parts.getFirst() instanceof Atom(String kind)
        ? text(entry.key()).flatMap(name -> from(name, kind, parts))
        : Optional.empty();
  }

  private static Optional<ResolvedDependency> from(
      String name, String kind, List<ErlangTerm> parts) {
    Optional<String> first = text(parts.get(1));
    Optional<String> revision = text(parts.get(2));
    if (first.isEmpty() || revision.isEmpty()) {
      return Optional.empty();
    }
    return switch (kind) {
      case "git" -> ResolvedDependency.git(name, first.get(), revision.get());
      case "hex" ->
          ResolvedDependency.hex(name, first.get(), revision.get(), part(parts, 6).orElse("hexpm"))
              .map(one -> one.with(part(parts, 3), part(parts, 7)));
      default -> Optional.empty();
    };
  }

  private static Optional<String> part(List<ErlangTerm> parts, int index) {
    return index < parts.size() ? text(parts.get(index)) : Optional.empty();
  }

  private static Optional<String> text(ErlangTerm term) {
    return switch (term) {
      case Text(String value) -> Optional.of(value);
      case Atom(String value) -> Optional.of(value);
      default -> Optional.empty();
    };
  }
}
