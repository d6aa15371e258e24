package dev.raccoon.queue;

import dev.raccoon.value.BuildId;
import dev.raccoon.value.InvalidValueException;
import dev.raccoon.value.PackageName;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A build that runs or waits, as the queue's list has it.
 *
 * @param key its place in the list
 * @param ref what is built, as far as it is known
 * @param otpKey the Erlang/OTP that it asks for; empty: nothing in particular
 * @param attempt how often it was begun
 * @param node where it runs
 * @param startedAt since when it runs
 * @param notBefore when it may begin, which may be past
 * @param cancelAskedBy who wants it to be stopped
 */
public record QueuedBuild(
    Key key,
    PackageName name,
    Optional<String> ref,
    String otpKey,
    String origin,
    int attempt,
    Optional<String> node,
    Instant queuedAt,
    Optional<Instant> startedAt,
    Instant notBefore,
    Optional<String> cancelAskedBy) {

  /** Its id. */
  public BuildId id() {
    return key.build();
  }

  /**
   * A place in the list: those that run come first, then those that wait in the order in which they
   * are taken. It stays a place when its build has gone.
   */
  public record Key(boolean runs, int priority, long turn, BuildId build) {
    private static final Pattern FORM =
        Pattern.compile("([rw])_(-?[0-9]{1,5})_([0-9]{1,18})_(\\S+)");

    /** The place that {@link #toString} wrote down. */
    public static Key parse(String raw) {
      Matcher form = FORM.matcher(raw);
      if (!form.matches()) {
        throw new InvalidValueException(
            "after must be a place of this list, as its Link header has it.");
      }
      return new Key(
          form.group(1).equals("r"),
          Integer.parseInt(form.group(2)),
          Long.parseLong(form.group(3)),
          BuildId.parse(form.group(4)));
    }

    @Override
    public String toString() {
      return (runs ? "r_" : "w_") + priority + "_" + turn + "_" + build;
    }
  }
}
