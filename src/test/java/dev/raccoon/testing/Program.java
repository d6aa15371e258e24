package dev.raccoon.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

  /** The command line in a process of its own, on the data directory {@code data}. */
  public static Ended raccoon(Path data, String... arguments)
      throws IOException, InterruptedException {
    return raccoon(List.of(), Map.of("RACCOON_DATA_DIR", data.toString()), arguments);
  }

  /** The same with {@code settings}, by a command that goes before it and becomes it. */
  public static Ended raccoon(
      List<String> before, Map<String, String> settings, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(before);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.raccoon.Main"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(settings);
    return run(builder);
  }

  private static String read(InputStream stream) {
    try (stream) {
      return new String(stream.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
