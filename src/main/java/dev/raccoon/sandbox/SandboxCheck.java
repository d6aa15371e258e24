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
 * Whether the sandbox works: tried at the start, when a build puts it in doubt, and while it does
 * not, again and again, since a machine that is still booting may only be slow. Thread-safe.
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
    var _ =
        retries.scheduleWithFixedDelay(
            this::tryAgain, pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Why nothing can be built, if nothing can. */
  public Optional<String> trouble() {
    return trouble.get();
  }

  /** Has it tried soon: a build has met trouble that may have come of it. */
  public void doubt() {
    retries.execute(this::look);
  }

  private void tryAgain() {
    if (trouble().isPresent()) {
      look();
    }
  }

  private void look() {
    try {
      Optional<String> now = sandbox.trouble();
      Optional<String> before = trouble.getAndSet(now);
      if (before.isPresent() && now.isEmpty()) {
        log.info("The sandbox works now");
      } else if (before.isEmpty() && now.isPresent()) {
        log.error("Nothing can be built here any more: {}", now.get());
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
