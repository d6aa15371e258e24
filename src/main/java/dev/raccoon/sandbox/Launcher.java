package dev.raccoon.sandbox;

import dev.raccoon.process.Subprocess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The one permanent platform thread that starts every sandbox. Its end is the end of all that it
 * has started: {@code bwrap --die-with-parent} follows the thread, not the program.
 */
final class Launcher implements AutoCloseable {
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("sandbox-launcher").daemon(true).factory());

  /**
   * Starts {@code command}, with both streams as one, in the root folder. Nothing of the server's
   * environment is needed to start bubblewrap but the path, so nothing can leak.
   */
  Process start(List<String> command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> !name.equals("PATH"));
    builder.directory(Path.of("/").toFile());
    return start(builder);
  }

  /**
   * Starts {@code program}; one that an interrupt made nobody wait for has been killed with what it
   * has started before this returns, so that whoever cleans up then finds all that is left.
   */
  private Process start(ProcessBuilder program) throws IOException, InterruptedException {
    CompletableFuture<Process> started = new CompletableFuture<>();
    thread.execute(() -> start(program, started));
    try {
      return started.get();
    } catch (InterruptedException e) {
      started.thenAccept(Subprocess::kill).exceptionally(failure -> null).join();
      throw e;
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    }
  }

  private static void start(ProcessBuilder program, CompletableFuture<Process> started) {
    try {
      started.complete(program.start());
    } catch (IOException | RuntimeException e) {
      started.completeExceptionally(e);
    }
  }

  /** What was asked for before is still started. */
  @Override
  public void close() {
    thread.shutdown();
  }
}
