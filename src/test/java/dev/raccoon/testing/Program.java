package dev.raccoon.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;

/** A program that is run to its end. */
public final class Program {
  /** What it left: its exit status, and both streams whole. */
  public record Ended(int status, String output, String errors) {}

  private Program() {}

  /** Runs it with nothing to read; a program that is not there is an {@link IOException}. */
  public static Ended run(ProcessBuilder builder) throws IOException, InterruptedException {
    Process process = builder.start();
    process.getOutputStream().close();
    // Both at once: a program whose second stream nobody reads stands still when the pipe is full.
    var errors = CompletableFuture.supplyAsync(() -> read(process.getErrorStream()));
    String output = read(process.getInputStream());
    return new Ended(process.waitFor(), output, errors.join());
  }

  private static String read(InputStream stream) {
    try (stream) {
      return new String(stream.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
