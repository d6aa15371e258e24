package dev.raccoon.db;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running {@code postgres}. One platform thread starts it, reads what it prints and waits for its
 * end: the kernel's "signal me when my parent dies" follows the starting thread, not its process,
 * so that thread must live as long as the database.
 */
final class PostgresProcess {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresProcess.class);
  private static final Path SETPRIV = Path.of("/usr/bin/setpriv");
  private static final Path SETSID = Path.of("/usr/bin/setsid");

  private final PostgresPrograms programs;
  private final PostgresLog log = new PostgresLog();
  private final CompletableFuture<Process> started = new CompletableFuture<>();
  private final CompletableFuture<Boolean> ready = new CompletableFuture<>();
  private final CompletableFuture<Void> lost = new CompletableFuture<>();
  private volatile boolean stopping;

  private PostgresProcess(PostgresPrograms programs) {
    this.programs = programs;
  }

  /** Starts {@code postgres} with {@code arguments}; it may not answer yet. */
  static PostgresProcess start(PostgresPrograms programs, Path folder, List<String> arguments) {
    PostgresProcess postgres = new PostgresProcess(programs);
    List<String> command = new ArrayList<>(launcher());
    command.add(programs.program("postgres"));
    command.addAll(arguments);
    Thread.ofPlatform()
        .name("embedded-postgres")
        .daemon()
        .start(() -> postgres.live(ShortCommand.in(folder, command)));
    postgres.process();
    return postgres;
  }

  /**
   * Waits until it takes connections.
   *
   * @return false when it ended instead
   */
  boolean awaitReady(Duration limit) throws InterruptedException {
    try {
      return ready.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      stop(Duration.ZERO);
      throw new DatabaseException(
          "The embedded PostgreSQL was not ready within "
              + limit.toSeconds()
              + " s: "
              + lastLines(),
          e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("nothing completes it exceptionally", e);
    }
  }

  /** Completed when it ends though nobody has stopped it. */
  CompletionStage<Void> lost() {
    return lost;
  }

  /**
   * Ends it in order ("fast": open transactions are rolled back), or after {@code limit} at once.
   */
  void stop(Duration limit) {
    stopping = true;
    Process process = process();
    boolean interrupted = signalled("INT", process, limit);
    if (process.isAlive()) {
      interrupted |= signalled("QUIT", process, Duration.ofSeconds(5));
    }
    if (process.isAlive()) {
      process.destroyForcibly();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  PostgresLog log() {
    return log;
  }

  String lastLines() {
    return log.lastLines();
  }

  long pid() {
    return process().pid();
  }

  private Process process() {
    try {
      return started.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof DatabaseException sentence ? sentence : e;
    }
  }

  /** Signals it and waits; an interrupt cuts the waiting short and is answered. */
  private boolean signalled(String signal, Process process, Duration limit) {
    if (process.isAlive()) {
      PostgresSignal.send(programs, signal, process.pid());
    }
    try {
      process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
      return false;
    } catch (InterruptedException e) {
      return true;
    }
  }

  private void live(ProcessBuilder builder) {
    try {
      Process process = builder.start();
      started.complete(process);
      liveWith(process);
    } catch (IOException e) {
      started.completeExceptionally(
          new DatabaseException("PostgreSQL's program cannot be started.", e));
    } finally {
      ready.complete(false);
    }
  }

  private void liveWith(Process process) {
    try {
      readLines(process);
      int status = process.waitFor();
      if (!stopping && ready.getNow(false)) {
        LOG.error(
            "The embedded PostgreSQL ended by itself with status {}: {}", status, lastLines());
        lost.complete(null);
      }
    } catch (IOException e) {
      LOG.error("What the embedded PostgreSQL prints cannot be read", e);
      process.onExit().join();
    } catch (InterruptedException e) {
      throw new IllegalStateException("nothing interrupts this thread", e);
    }
  }

  private void readLines(Process process) throws IOException {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        log.add(line);
        if (line.endsWith("database system is ready to accept connections")) {
          ready.complete(true);
        }
      }
    }
  }

  /**
   * A session of its own, or Ctrl-C in the server's terminal would end the database before the
   * server; and a signal when this JVM dies, however it dies.
   */
  private static List<String> launcher() {
    List<String> launcher = new ArrayList<>();
    if (Files.isExecutable(SETSID)) {
      launcher.add(SETSID.toString());
    }
    if (Files.isExecutable(SETPRIV)) {
      launcher.addAll(List.of(SETPRIV.toString(), "--pdeathsig", "INT"));
    }
    return launcher;
  }
}
