package dev.raccoon.catalog;

import dev.raccoon.value.InvalidValueException;
import dev.raccoon.value.Namespaces;
import dev.raccoon.value.OtpSelector;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Many versions that an administrator wants built for one Erlang/OTP, when nobody else wants
 * anything.
 *
 * @param by as the audit log has it
 * @param skipped how many were passed over, since they are built well already
 * @param fedAt since when all are in the queue
 * @param cancelledBy who has ended it
 * @param builds what came of those that were put into the queue
 */
public record Bulk(
    long id,
    Terms terms,
    String by,
    Instant askedAt,
    long skipped,
    Optional<Instant> fedAt,
    Optional<String> cancelledBy,
    Counts builds) {

  /**
   * What is wanted.
   *
   * @param namespaces whose packages
   * @param failed only what failed so the last time it was built for that Erlang/OTP; empty: all
   *     refs of which a commit is known
   * @param again also what is built well already
   */
  public record Terms(
      OtpSelector otp, Namespaces namespaces, Set<FailureKind> failed, boolean again) {
    public Terms {
      failed = Set.copyOf(failed);
    }

    /** The kinds of failures that people write as {@code names}, in any case. */
    public static Set<FailureKind> kinds(List<String> names) {
      Set<FailureKind> kinds = EnumSet.noneOf(FailureKind.class);
      for (String name : names) {
        kinds.add(kind(name));
      }
      return kinds;
    }

    private static FailureKind kind(String name) {
      try {
        return FailureKind.valueOf(name.toUpperCase(Locale.ROOT));
      } catch (IllegalArgumentException e) {
        throw new InvalidValueException(
            "There is no such kind of failure. There are: "
                + EnumSet.allOf(FailureKind.class).stream()
                    .map(Enum::name)
                    .collect(Collectors.joining(", "))
                + ".");
      }
    }

    @Override
    public String toString() {
      return "OTP "
          + otp
          + ", namespaces: "
          + namespaces
          + (failed.isEmpty()
              ? ""
              : ", failed: "
                  + failed.stream().map(Enum::name).sorted().collect(Collectors.joining(", ")))
          + (again ? ", again" : "");
    }
  }

  /** How many builds are in which state. */
  public record Counts(long waiting, long running, long succeeded, long failed, long cancelled) {}

  /** How far it is. */
  public enum State {
    /** Not all of it is in the queue yet. */
    QUEUEING,
    /** All of it is, and some of it has not ended. */
    BUILDING,
    /** All of it has ended. */
    ENDED,
    /** Somebody has ended it. */
    CANCELLED
  }

  /** How far it is. */
  public State state() {
    if (cancelledBy.isPresent()) {
      return State.CANCELLED;
    }
    if (fedAt.isEmpty()) {
      return State.QUEUEING;
    }
    return builds.waiting() + builds.running() > 0 ? State.BUILDING : State.ENDED;
  }
}
