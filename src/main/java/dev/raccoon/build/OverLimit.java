package dev.raccoon.build;

import dev.raccoon.catalog.FailureKind;
import dev.raccoon.value.Limit;
import java.time.Duration;

/** Says in a sentence that a build has run into one of its limits. */
final class OverLimit {
  private OverLimit() {}

  /** A build that ended at its limit of {@code amount}, while {@code doing}. */
  static <T> Step.Failed<T> failed(Limit limit, long amount, String doing) {
    return new Step.Failed<>(
        FailureKind.LIMIT, sentence(limit, amount) + ", while " + doing + ".", limit);
  }

  private static String sentence(Limit limit, long amount) {
    String most = amount(limit, amount);
    return switch (limit) {
      case TIME -> "Stopped at its time limit of " + most;
      case SILENCE -> "Stopped after it had said nothing for " + most;
      case MEMORY -> "Stopped at its memory limit of " + most;
      case PROCESSES -> "Stopped at its limit of " + most + " processes and threads";
      case DISK -> "It needed more than its limit of " + most + " of disk";
      case FILES -> "It made more than its limit of " + most + " files";
      case OPEN_FILES -> "It had more open files than its limit of " + most;
      case LOG -> "It said more than its limit of " + most;
      case ARTIFACT -> "What it made is larger than its limit of " + most;
    };
  }

  private static String amount(Limit limit, long amount) {
    return switch (limit.unit()) {
      case MILLISECONDS -> Durations.say(Duration.ofMillis(amount));
      case BYTES -> bytes(amount);
      case COUNT -> Long.toString(amount);
    };
  }

  /** A size as people say it; an administrator may give a package less than 1 MiB. */
  static String bytes(long amount) {
    long mebibytes = amount >> 20;
    if (mebibytes > 0 && amount % (1L << 30) == 0) {
      return (amount >> 30) + " GiB";
    }
    return mebibytes > 0 ? mebibytes + " MiB" : amount + " bytes";
  }
}
