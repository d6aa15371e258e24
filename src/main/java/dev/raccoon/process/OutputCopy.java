package dev.raccoon.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Copies what a process prints until the last process that holds its output is gone. */
final class OutputCopy {
  private final Process process;
  private final OutputStream output;
  private final Consumer<Process> kill;
  private final FutureTask<@Nullable Void> copied = new FutureTask<>(this::copy);
  private volatile boolean abandoned;

  /** A copy that is not started; {@code kill} ends a process that nobody can listen to any more. */
  OutputCopy(Process process, OutputStream output, Consumer<Process> kill) {
    this.process = process;
    this.output = output;
    this.kill = kill;
  }

  /**
   * Starts to copy, on a platform thread, since a read of a pipe would hold a carrier of virtual
   * threads all the time.
   */
  void start() {
    Thread.ofPlatform().name("output-of-" + process.pid()).daemon().start(copied);
  }

  /** Waits for the rest of an ended process's output. */
  void finish(Duration atMost) throws IOException, InterruptedException {
    try {
      copied.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IOException(
          "something that the program has left running held its output for "
              + atMost.toSeconds()
              + " s");
    } catch (ExecutionException e) {
      throw failure(e.getCause());
    }
  }

  /** Writes no more, whoever still prints. */
  void abandon() {
    abandoned = true;
  }

  private @Nullable Void copy() throws IOException {
    try (InputStream in = process.getInputStream()) {
      byte[] buffer = new byte[64 * 1024];
      for (int n = in.read(buffer); n >= 0 && !abandoned; n = in.read(buffer)) {
        output.write(buffer, 0, n);
      }
      return null;
    } catch (IOException | RuntimeException | Error e) {
      kill.accept(process);
      throw e;
    }
  }

  /** The very exception, so that a caller can catch what its output throws. */
  private static IOException failure(@Nullable Throwable cause) {
    return switch (cause) {
      case IOException e -> e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case null, default -> throw new IllegalStateException(cause);
    };
  }
}
