package dev.raccoon.db;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The processes of a PostgreSQL that an earlier life of this server left running on its cluster.
 * They are known by where they run, not by {@code postmaster.pid} alone: after a restart of the
 * machine its number may be anybody's, and a postmaster that was killed leaves its children.
 */
final class LeftoverPostgres {
  private static final Logger LOG = LoggerFactory.getLogger(LeftoverPostgres.class);

  private LeftoverPostgres() {}

  /**
   * Ends what runs on {@code data}, waiting at most {@code limit} for an orderly end, and removes a
   * {@code postmaster.pid} that would keep the next one from starting. The caller holds the
   * directory's lock.
   */
  static void stop(Path data, PostgresPrograms programs, Duration limit)
      throws IOException, InterruptedException {
    Path pidFile = data.resolve("postmaster.pid");
    if (!Files.exists(pidFile)) {
      return;
    }
    List<ProcessHandle> left = runningOn(data);
    if (!left.isEmpty()) {
      LOG.info("An earlier PostgreSQL still runs on {}: stopping it", data);
      long postmaster = postmasterOf(pidFile);
      left.stream()
          .filter(process -> process.pid() == postmaster)
          .forEach(process -> PostgresSignal.send(programs, "INT", process.pid()));
      if (!ended(left, limit)) {
        left.forEach(process -> PostgresSignal.send(programs, "QUIT", process.pid()));
        ended(left, Duration.ofSeconds(5));
      }
    }
    if (runningOn(data).isEmpty()) {
      Files.deleteIfExists(pidFile);
    } else {
      throw new DatabaseException(
          "An earlier PostgreSQL still runs on " + data + " and does not end: end it by hand.");
    }
  }

  private static List<ProcessHandle> runningOn(Path data) {
    return ProcessHandle.allProcesses().filter(process -> runsOn(data, process)).toList();
  }

  private static boolean runsOn(Path data, ProcessHandle process) {
    Path proc = Path.of("/proc", Long.toString(process.pid()));
    try {
      String program = Files.readSymbolicLink(proc.resolve("exe")).toString();
      // An update may have removed the file of a program that still runs.
      return program.replace(" (deleted)", "").endsWith("/postgres")
          && Files.readSymbolicLink(proc.resolve("cwd")).equals(data);
    } catch (IOException anothersOrGone) {
      return false;
    }
  }

  private static long postmasterOf(Path pidFile) throws IOException {
    String first = Files.readString(pidFile).lines().findFirst().orElse("").strip();
    try {
      return Long.parseLong(first);
    } catch (NumberFormatException cutOff) {
      return -1;
    }
  }

  private static boolean ended(List<ProcessHandle> processes, Duration limit)
      throws InterruptedException {
    CompletableFuture<?>[] ends =
        processes.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new);
    try {
      CompletableFuture.allOf(ends).get(limit.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("an exit does not fail", e);
    }
  }
}
