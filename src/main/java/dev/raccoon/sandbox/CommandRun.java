package dev.raccoon.sandbox;

import dev.raccoon.process.Subprocess;
import dev.raccoon.value.BuildLimits;
import dev.raccoon.value.Limit;
import dev.raccoon.value.Peaks;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;

/** One command from its start to its end, and what its end means. */
final class CommandRun {
  /** 128 and SIGXFSZ: a file would have become larger than all files may be together. */
  private static final int FILE_TOO_LARGE = 128 + 25;

  /** 128 and SIGBUS: a mapped file got a page that its file system had no room for. */
  private static final int NO_PAGE = 128 + 7;

  /** A file system is full where the next piece of a file does not fit any more. */
  private static final long FULL_BUT_BYTES = 64 * 1024;

  private final Process process;
  private final FirstProcess first;
  private final Watch watch;
  private final BuildLimits limits;

  CommandRun(Process process, FirstProcess first, Watch watch, BuildLimits limits) {
    this.process = process;
    this.first = first;
    this.watch = watch;
    this.limits = limits;
  }

  /** What the kernel has refused a command more of, if it has. */
  interface Refusal {
    Optional<Limit> limit() throws IOException;
  }

  /**
   * Waits for its end.
   *
   * @param refused asked what it was refused more of
   */
  CommandResult await(Refusal refused) throws IOException, InterruptedException {
    OptionalInt ended = Subprocess.await(process, watch, watch);
    boolean gone = watch.look().isEmpty();
    if (gone || watch.over().isPresent()) {
      return over(watch.over().orElse(Limit.MEMORY));
    }
    int status = ended.orElseThrow();
    if (!first.isUp() && refused.limit().isPresent()) {
      return over(refused.limit().get());
    }
    if (!first.isUp()) {
      return new CommandResult.NotStarted(
          "The sandbox cannot be made: bwrap ended with status "
              + status
              + " ("
              + first.complaint()
              + ").");
    }
    Optional<Limit> reason = status == 0 ? killed(refused) : refusedTo(status, refused);
    return reason.map(this::over).orElse(new CommandResult.Exited(status));
  }

  private Optional<Limit> refusedTo(int status, Refusal refused) throws IOException {
    Optional<Limit> full = full(status);
    return full.isPresent() ? full : refused.limit();
  }

  /**
   * A command that goes on where a process could not be made has found another way. One that goes
   * on after the kernel has killed a process of it has its work half done.
   */
  private static Optional<Limit> killed(Refusal refused) throws IOException {
    return refused.limit().filter(limit -> limit == Limit.MEMORY);
  }

  /** The limit that it has run into by itself, as far as what it had shows it. */
  private Optional<Limit> full(int status) {
    Peaks peaks = watch.peaks();
    boolean noPage = status == NO_PAGE && peaks.diskBytes() > limits.amount(Limit.DISK) / 2;
    if (status == FILE_TOO_LARGE
        || noPage
        || limits.amount(Limit.DISK) - peaks.diskBytes() < FULL_BUT_BYTES) {
      return Optional.of(Limit.DISK);
    }
    if (peaks.files() >= limits.amount(Limit.FILES)) {
      return Optional.of(Limit.FILES);
    }
    return peaks.processes() >= limits.amount(Limit.PROCESSES)
        ? Optional.of(Limit.PROCESSES)
        : watch.complaint().map(limit -> limit == Limit.FILES ? space(peaks) : limit);
  }

  /** The one that was nearer to its end. */
  private Limit space(Peaks peaks) {
    double disk = (double) peaks.diskBytes() / limits.amount(Limit.DISK);
    double files = (double) peaks.files() / limits.amount(Limit.FILES);
    return files > disk ? Limit.FILES : Limit.DISK;
  }

  private CommandResult over(Limit limit) {
    return new CommandResult.OverLimit(limit, limits.amount(limit));
  }
}
