package dev.raccoon.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** A started program whose standard error goes the way of its standard output. */
public final class Subprocess {
  private static final Duration TO_DIE = Duration.ofSeconds(10);

  private Subprocess() {}

  /** How a program ended. */
  public sealed interface End {
    /** By itself, or by a signal that was not ours (128 and its number). */
    record Exited(int status) implements End {}

    /** It was killed after its time. */
    record TimedOut(Duration after) implements End {}
  }

  /**
   * Waits for {@code process} and copies all its output to {@code output} meanwhile. It gets no
   * input. However this ends (an interrupt included), the process and those below it are killed.
   *
   * @throws IOException when {@code output} cannot be written
   */
  public static End await(Process process, Duration timeout, OutputStream output)
      throws IOException, InterruptedException {
    CompletableFuture<Void> copied = new CompletableFuture<>();
    Thread.ofVirtual().name("output-of-", process.pid()).start(() -> copy(process, output, copied));
    boolean inTime;
    try {
      process.getOutputStream().close();
      inTime = process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } finally {
      kill(process);
      settle(copied);
    }
    return inTime ? new End.Exited(process.exitValue()) : new End.TimedOut(timeout);
  }

  /**
   * Copies until the last process that holds the pipe is gone; whoever cannot be listened to is
   * killed.
   */
  private static void copy(Process process, OutputStream output, CompletableFuture<Void> copied) {
    try (InputStream in = process.getInputStream()) {
      byte[] buffer = new byte[64 * 1024];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        output.write(buffer, 0, n);
      }
      copied.complete(null);
    } catch (IOException e) {
      kill(process);
      copied.completeExceptionally(new UncheckedIOException(e));
    } catch (RuntimeException e) {
      kill(process);
      copied.completeExceptionally(e);
    }
  }

  private static void kill(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.toHandle().destroyForcibly();
  }

  private static void settle(CompletableFuture<Void> copied) throws IOException {
    try {
      copied.orTimeout(TO_DIE.toMillis(), TimeUnit.MILLISECONDS).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof UncheckedIOException failed) {
        throw new IOException(failed.getCause());
      }
      throw e;
    }
  }
}
