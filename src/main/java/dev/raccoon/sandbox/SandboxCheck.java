package dev.raccoon.sandbox;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the sandbox works: tried at the start, and while it does not, again and again, since a
 * machine that is still booting may only be slow. Thread-safe.
 */
public final class SandboxCheck implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SandboxCheck.class);

  private final Sandbox sandbox;
  private final AtomicReference<Optional<String>> trouble;
  private final ScheduledExecutorService retries =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("sandbox-check").daemon().factory());

  /** Tries {@code sandbox} now, and {@code pause} after each time that it did not work. */
  public SandboxCheck(Sandbox sandbox, Duration pause) {
    this.sandbox = sandbox;
    this.trouble = new AtomicReference<>(sandbox.trouble());
    if (trouble().isPresent()) {
      var _ =
          retries.scheduleWithFixedDelay(
              this::tryAgain, pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** Why nothing can be built, if nothing can. */
  public Optional<String> trouble() {
    return trouble.get();
  }

  private void tryAgain() {
    try {
      trouble.set(sandbox.trouble());
      if (trouble().isEmpty()) {
        log.info("The sandbox works now");
        retries.shutdown();
      }
    } catch (RuntimeException e) {
      log.warn("The sandbox could not be tried", e);
    }
  }

  @Override
  public void close() {
    retries.shutdownNow();
  }
}
