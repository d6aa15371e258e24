package dev.raccoon.process;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** Waiting for a started program, whose output goes elsewhere meanwhile. */
public final class Subprocess {
  private static final long LOOK_MILLIS = 100;
  private static final Duration TO_END = Duration.ofSeconds(1);
  private static final Duration TO_DIE = Duration.ofSeconds(10);
  private static final Duration FOR_THE_OUTPUT = Duration.ofSeconds(10);

  private Subprocess() {}

  /** How a program ended. */
  public sealed interface End {
    /** By itself, or by a signal that was not ours (128 and its number). */
    record Exited(int status) implements End {}

    /** It was killed after its time. */
    record TimedOut(Duration after) implements End {}
  }

  /** Ends a program with all that it has started. */
  public interface Killer {
    /** Ends {@code process}, which may have ended by itself. */
    void kill(Process process);
  }

  /** Decides of a running program whether it goes on. Asked by one thread, ten times a second. */
  public interface Watch extends Killer {
    /** Whether it is to end now. What this throws ends it as well. */
    boolean isOver() throws IOException;
  }

  /**
   * Waits for {@code process} and copies its standard output to {@code output} meanwhile, whole and
   * in order. Whoever wants standard error as well redirects it there before the start. The program
   * gets no input.
   *
   * <p>A program that is not to go on (after {@code timeout}, an interrupt, or when its output
   * cannot be read or written) is killed with its descendants, and this returns when they have
   * died.
   *
   * @throws IOException when {@code output} cannot be written, or when another process, which the
   *     program has left behind, still holds its output some seconds after its end
   * @throws RuntimeException whatever {@code output} throws
   */
  public static End await(Process process, Duration timeout, OutputStream output)
      throws IOException, InterruptedException {
    return await(process, timeout, output, FOR_THE_OUTPUT);
  }

  static End await(Process process, Duration timeout, OutputStream output, Duration forTheOutput)
      throws IOException, InterruptedException {
    TimeLimit limit = new TimeLimit(System.nanoTime() + timeout.toNanos());
    OptionalInt status = await(process, limit, output, forTheOutput);
    return status.isPresent() ? new End.Exited(status.getAsInt()) : new End.TimedOut(timeout);
  }

  /**
   * The same, for as long as {@code watch} lets it go on: its status, or nothing when it was ended.
   */
  public static OptionalInt await(Process process, Watch watch, OutputStream output)
      throws IOException, InterruptedException {
    return await(process, watch, output, FOR_THE_OUTPUT);
  }

  private static OptionalInt await(
      Process process, Watch watch, OutputStream output, Duration forTheOutput)
      throws IOException, InterruptedException {
    OutputCopy copy = new OutputCopy(process, output, watch::kill);
    boolean ended = false;
    try {
      copy.start();
      process.getOutputStream().close();
      ended = endsByItself(process, watch);
      if (!ended) {
        watch.kill(process);
      }
      copy.finish(forTheOutput);
    } finally {
      copy.abandon();
      if (!ended) {
        watch.kill(process);
      }
    }
    return ended ? OptionalInt.of(process.exitValue()) : OptionalInt.empty();
  }

  private static boolean endsByItself(Process process, Watch watch)
      throws IOException, InterruptedException {
    while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
      if (watch.isOver()) {
        return false;
      }
    }
    return true;
  }

  private record TimeLimit(long endNanos) implements Watch {
    @Override
    public boolean isOver() {
      return System.nanoTime() - endNanos >= 0;
    }

    @Override
    public void kill(Process process) {
      Subprocess.kill(process);
    }
  }

  /**
   * Kills those below {@code process} first: a parent that only waited for them, such as a
   * sandbox's, then ends by itself, after them. One that goes on is killed with what it has started
   * since.
   */
  public static void kill(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    if (!endsWithin(TO_END, process)) {
      killNow(process);
      endsWithin(TO_DIE, process);
    }
  }

  /** By its handle: killed as a {@link Process}, it would lose what it has printed already. */
  private static void killNow(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.toHandle().destroyForcibly();
  }

  /** Waits even when this thread is interrupted: that is often why something is killed. */
  private static boolean endsWithin(Duration time, Process process) {
    try {
      process.onExit().orTimeout(time.toMillis(), TimeUnit.MILLISECONDS).join();
      return true;
    } catch (CompletionException e) {
      return false;
    }
  }
}
