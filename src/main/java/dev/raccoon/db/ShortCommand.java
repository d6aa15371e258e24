package dev.raccoon.db;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One of PostgreSQL's programs that does its work and ends, in an environment of our own. */
final class ShortCommand {
  private static final Logger LOG = LoggerFactory.getLogger(ShortCommand.class);
  private static final int LIMIT_SECONDS = 120;
  private static final int LAST_CHARACTERS = 2_000;

  private ShortCommand() {}

  /**
   * Runs a program in {@code folder} with {@code input} on its standard input; anything but success
   * is a {@link DatabaseException} with the end of what it printed. The input must fit a pipe (64
   * KiB).
   */
  static void run(List<String> command, Path folder, String input) {
    String name = String.valueOf(Path.of(command.getFirst()).getFileName());
    try {
      Process process = in(folder, command).start();
      write(process, input);
      String output = readAll(process);
      int status = process.waitFor();
      if (status != 0) {
        throw new DatabaseException(
            "PostgreSQL's " + name + " ended with status " + status + ": " + end(output));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("PostgreSQL's " + name + " cannot be run", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DatabaseException("Interrupted while PostgreSQL's " + name + " ran.", e);
    }
  }

  /** A process that sees nothing of our environment: PGDATA and the like would change its work. */
  static ProcessBuilder in(Path folder, List<String> command) {
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().put("PATH", "/usr/bin:/bin");
    builder.environment().put("LC_ALL", "C");
    builder.environment().put("TMPDIR", folder.toString());
    return builder;
  }

  private static void write(Process process, String input) {
    try (OutputStream in = process.getOutputStream()) {
      in.write(input.getBytes(UTF_8));
    } catch (IOException endedBeforeReading) {
      LOG.debug("Its status and output say why it did not read", endedBeforeReading);
    }
  }

  private static String readAll(Process process) throws IOException {
    process
        .onExit()
        .orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS)
        .exceptionally(late -> {
          process.destroyForcibly();
          return process;
        });
    try (InputStream out = process.getInputStream()) {
      return new String(out.readAllBytes(), UTF_8);
    }
  }

  private static String end(String output) {
    String text = output.strip();
    return text.substring(Math.max(0, text.length() - LAST_CHARACTERS));
  }
}
