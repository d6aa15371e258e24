package dev.raccoon.catalog;

import dev.raccoon.value.Namespaces;
import org.jdbi.v3.core.statement.SqlStatement;

/**
 * Which packages a statement may show: all but the private ones that its caller may not read. It
 * belongs into the statement itself, so that pages, counts and cursors know nothing of the others.
 */
final class Visibility {
  private static final String NAMES = "any (cast(:readable as text[]))";

  private final Namespaces readable;

  Visibility(Namespaces readable) {
    this.readable = readable;
  }

  /** A condition that begins with {@code and}: the package in {@code alias} may be shown. */
  String shown(String alias) {
    if (readable.all()) {
      return "";
    }
    return readable.names().isEmpty()
        ? "and not " + alias + ".private "
        : "and (not %s.private or lower(%s.namespace) = %s) ".formatted(alias, alias, NAMES);
  }

  /** Whether there can be packages that may not be shown. */
  boolean hidesAny() {
    return !readable.all();
  }

  /** The opposite condition, for the few private packages. */
  String hidden(String alias) {
    return readable.names().isEmpty()
        ? "and %s.private ".formatted(alias)
        : "and %s.private and not lower(%s.namespace) = %s ".formatted(alias, alias, NAMES);
  }

  /** Binds what the conditions name. */
  <S extends SqlStatement<S>> S bind(S statement) {
    return readable.names().isEmpty()
        ? statement
        : statement.bindArray("readable", String.class, readable.names().toArray());
  }
}
