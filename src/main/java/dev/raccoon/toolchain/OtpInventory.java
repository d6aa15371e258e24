package dev.raccoon.toolchain;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Erlang/OTP installations as they are at the moment: one that was made or removed since the
 * start is noticed. Whoever asks waits for the disk for a moment only; if it does not answer, what
 * it showed last still holds, and before it has shown anything, nothing is complete. Thread-safe.
 */
public final class OtpInventory implements Supplier<OtpInstallations> {
  private static final Logger log = LoggerFactory.getLogger(OtpInventory.class);

  /** How long a look counts. */
  static final Duration FRESH = Duration.ofSeconds(2);

  /** How long a look is waited for, by all who ask together. */
  private static final Duration PATIENCE = Duration.ofMillis(300);

  private static final Duration PATIENCE_AT_START = Duration.ofSeconds(10);

  private final Supplier<OtpInstallations> scan;
  private final Clock clock;
  private volatile Look last;
  private @Nullable Running running;

  private record Look(OtpInstallations found, Instant when) {}

  private record Running(CompletableFuture<Look> look, long startNanos) {}

  /** What is where {@code search} says. */
  public OtpInventory(OtpSearch search, Clock clock) {
    this(scanner(search, clock), clock);
  }

  OtpInventory(Supplier<OtpInstallations> scan, Clock clock) {
    this.scan = scan;
    this.clock = clock;
    this.last = new Look(OtpInstallations.UNKNOWN, Instant.MIN);
    this.last = await(look(), PATIENCE_AT_START).orElse(last);
  }

  private static Supplier<OtpInstallations> scanner(OtpSearch search, Clock clock) {
    InspectionMemory memory = new InspectionMemory(clock);
    return () -> new OtpScan(memory).run(search);
  }

  /** What there is, as it was at most some seconds ago, unless the disk does not answer. */
  @Override
  public OtpInstallations get() {
    if (isFresh(last)) {
      return last.found();
    }
    return await(look(), PATIENCE).orElse(last).found();
  }

  /** What there is now. Waits for the disk for as long as that takes. */
  public OtpInstallations rescan() {
    Look look = new Look(scan.get(), clock.instant());
    last = look;
    return look.found();
  }

  private boolean isFresh(Look look) {
    return clock.instant().isBefore(look.when().plus(FRESH));
  }

  /** The look that is being taken, or a new one. */
  private synchronized Running look() {
    Running now = running;
    if (now == null || now.look().isDone()) {
      CompletableFuture<Look> look = new CompletableFuture<>();
      // A thread of its own: one that waits for a disk holds a carrier of virtual threads.
      Thread.ofPlatform().daemon().name("otp-installations").start(() -> take(look));
      now = new Running(look, System.nanoTime());
      running = now;
    }
    return now;
  }

  private void take(CompletableFuture<Look> look) {
    try {
      Look taken = new Look(scan.get(), clock.instant());
      if (last.found().isComplete() && !taken.found().isComplete()) {
        log.warn("Not all Erlang/OTP can be looked at: {}", taken.found().rejected());
      }
      last = taken;
      look.complete(taken);
    } catch (RuntimeException | Error e) {
      log.warn("The Erlang/OTP installations could not be looked at", e);
      look.completeExceptionally(e);
    }
  }

  private static Optional<Look> await(Running running, Duration patience) {
    long left = running.startNanos() + patience.toNanos() - System.nanoTime();
    try {
      return Optional.of(running.look().get(Math.max(0, left), TimeUnit.NANOSECONDS));
    } catch (TimeoutException | ExecutionException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
