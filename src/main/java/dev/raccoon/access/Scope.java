package dev.raccoon.access;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What a token is for; each includes those before it. */
public enum Scope {
  /** To see private namespaces, and what the operator has closed to others. */
  READ,
  /** To ask for builds, from anywhere. */
  BUILD,
  /** To make tokens, namespaces private, and a package's limits others. */
  ADMINISTER;

  /** Whether whoever has this has {@code other} as well. */
  public boolean includes(Scope other) {
    return compareTo(other) >= 0;
  }

  /** As people write it: {@code read}, {@code build}, {@code administer}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The scope that people write as {@code key}. */
  public static Optional<Scope> of(String key) {
    return Stream.of(values()).filter(scope -> scope.key().equals(key)).findFirst();
  }
}
