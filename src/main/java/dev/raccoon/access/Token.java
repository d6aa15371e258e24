package dev.raccoon.access;

import dev.raccoon.value.InvalidValueException;
import dev.raccoon.value.Namespaces;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A token as its record has it, without its secret.
 *
 * @param lastUsedAt to the minute
 * @param withdrawnAt since when it is refused, whatever its terms say
 */
public record Token(
    long id,
    Terms terms,
    Instant createdAt,
    Optional<Instant> lastUsedAt,
    Optional<Instant> withdrawnAt) {
  /**
   * What a token is made for.
   *
   * @param name a note for people, of up to 100 characters; may be empty
   * @param until from when on it is refused; empty: never by itself
   */
  public record Terms(String name, Scope scope, Namespaces namespaces, Optional<Instant> until) {
    private static final int MAX_NAME_LENGTH = 100;
    private static final Pattern PRINTABLE = Pattern.compile("[\\P{C}&&[^\\p{Zl}\\p{Zp}]]*");
    private static final int MAX_NAMESPACES = 100;
    private static final int DATE_LENGTH = "2027-01-01".length();
    private static final Instant FIRST_TOO_LATE =
        LocalDate.of(10_000, 1, 1).atStartOfDay(ZoneOffset.UTC).toInstant();

    public Terms {
      if (name.length() > MAX_NAME_LENGTH || !PRINTABLE.matcher(name).matches()) {
        throw new InvalidValueException(
            "A token's name has up to " + MAX_NAME_LENGTH + " characters, all in one line.");
      }
      if (!namespaces.all() && namespaces.names().isEmpty()) {
        throw new InvalidValueException("Name the token's namespaces, or say that it is for all.");
      }
      if (namespaces.names().size() > MAX_NAMESPACES) {
        throw new InvalidValueException(
            "A token is for up to " + MAX_NAMESPACES + " namespaces, or for all.");
      }
    }

    /**
     * The end that {@code raw} names: an instant such as {@code 2027-01-01T00:00:00Z}, or a date,
     * at whose beginning, by UTC, the token ends.
     */
    public static Instant end(String raw) {
      try {
        Instant end =
            raw.length() <= DATE_LENGTH
                ? LocalDate.parse(raw).atStartOfDay(ZoneOffset.UTC).toInstant()
                : Instant.parse(raw);
        if (end.isBefore(FIRST_TOO_LATE)) {
          return end;
        }
      } catch (DateTimeParseException e) {
        // Refused below, as a time that is too far away.
      }
      throw new InvalidValueException(
          "until must be a date such as 2027-01-01, or a time such as 2027-01-01T00:00:00Z, up to"
              + " the year 9999.");
    }

    /** {@code build in acme, until 2027-01-01T00:00:00Z}. */
    @Override
    public String toString() {
      return scope.key()
          + " in "
          + namespaces
          + until.map(end -> ", until " + end).orElse("")
          + (name.isEmpty() ? "" : ": " + name);
    }
  }

  /** Whether it lets its holder do {@code scope} in {@code namespace}. */
  boolean may(Scope scope, String namespace) {
    return terms.scope().includes(scope) && terms.namespaces().contains(namespace);
  }

  /** {@code token 7 (ci)}. */
  public String label() {
    return "token " + id + (terms.name().isEmpty() ? "" : " (" + terms.name() + ")");
  }
}
