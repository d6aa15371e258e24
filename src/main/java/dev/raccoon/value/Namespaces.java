package dev.raccoon.value;

import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Some namespaces, or all that there are.
 *
 * @param all whether it is all of them, those to come too; {@code names} is empty then
 * @param names in lower case: namespaces that differ in case are one
 */
public record Namespaces(boolean all, Set<String> names) {
  public static final Namespaces ALL = new Namespaces(true, Set.of());
  public static final Namespaces NONE = new Namespaces(false, Set.of());

  public Namespaces {
    if (all && !names.isEmpty()) {
      throw new IllegalArgumentException("all, and " + names);
    }
    names =
        names.stream()
            .map(name -> name.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Those called {@code names}, in any case.
   *
   * @throws InvalidValueException when no package can be in one of them
   */
  public static Namespaces of(Collection<String> names) {
    return new Namespaces(
        false, names.stream().map(Namespaces::checked).collect(Collectors.toUnmodifiableSet()));
  }

  /** Those of a record. It may be older than the reason for which a name would be refused now. */
  public static Namespaces recorded(Collection<String> names) {
    return new Namespaces(false, Set.copyOf(names));
  }

  /** Whether {@code namespace}, in any case, is one of them. */
  public boolean contains(String namespace) {
    return all || names.contains(namespace.toLowerCase(Locale.ROOT));
  }

  /**
   * A namespace's name in lower case.
   *
   * @throws InvalidValueException when no package can have it
   */
  public static String checked(String name) {
    return new PackageName(name, "x").namespace().toLowerCase(Locale.ROOT);
  }

  /** {@code all}, or the names in order. */
  @Override
  public String toString() {
    return all ? "all" : String.join(", ", new TreeSet<>(names));
  }
}
