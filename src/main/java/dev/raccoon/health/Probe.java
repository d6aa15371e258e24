package dev.raccoon.health;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks whether something answers, and does not wait for it for longer than whoever asks for the
 * server's health does. Used by one thread at a time.
 */
final class Probe {
  static final Duration PATIENCE = Duration.ofSeconds(1);

  private final BooleanSupplier question;
  private final Duration patience;
  private @Nullable CompletableFuture<Boolean> asked;

  /** Asks {@code question}, which may take its time, and waits for {@code patience}. */
  Probe(BooleanSupplier question, Duration patience) {
    this.question = question;
    this.patience = patience;
  }

  /** Whether it answers in time. While a question stands, no other is asked. */
  boolean answers() {
    CompletableFuture<Boolean> standing = asked;
    if (standing == null || standing.isDone()) {
      standing = CompletableFuture.supplyAsync(question::getAsBoolean, Thread::startVirtualThread);
      asked = standing;
    }
    try {
      return standing.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
