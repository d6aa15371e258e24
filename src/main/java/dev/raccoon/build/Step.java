package dev.raccoon.build;

import dev.raccoon.catalog.FailureKind;
import dev.raccoon.value.BuildId;
import dev.raccoon.value.Limit;
import dev.raccoon.value.OtpSelector;
import java.io.IOException;
import java.util.Optional;

/**
 * What a step of a build came to: something for the next step, or the build's end. Trouble of ours
 * is an {@link IOException} or a {@link dev.raccoon.build.InfrastructureException} instead.
 */
sealed interface Step<T> {
  /** The build goes on with {@code value}. */
  record Done<T>(T value) implements Step<T> {}

  /**
   * The package cannot be built, for a reason in a sentence.
   *
   * @param limit the limit that it has run into, if it is that
   */
  record Failed<T>(FailureKind kind, String message, Optional<Limit> limit) implements Step<T> {
    Failed(FailureKind kind, String message) {
      this(kind, message, Optional.empty());
    }

    Failed(FailureKind kind, String message, Limit limit) {
      this(kind, message, Optional.of(limit));
    }

    private <R> Failed<R> again() {
      return new Failed<>(kind, message, limit);
    }
  }

  /** The very same is built already. */
  record BuiltAlready<T>(BuildId by) implements Step<T> {}

  /** A node that has the Erlang/OTP {@code needed} is to build it. */
  record Elsewhere<T>(OtpSelector needed) implements Step<T> {}

  /** A step that needs what the one before it made. */
  interface Next<T, R> {
    Step<R> take(T value) throws IOException, InterruptedException;
  }

  /** Goes on with {@code next}, unless the build has ended here. */
  default <R> Step<R> then(Next<T, R> next) throws IOException, InterruptedException {
    return switch (this) {
      case Done<T>(T value) -> next.take(value);
      case Failed<T> failed -> failed.again();
      case BuiltAlready<T>(BuildId by) -> new BuiltAlready<>(by);
      case Elsewhere<T>(OtpSelector needed) -> new Elsewhere<>(needed);
    };
  }
}
