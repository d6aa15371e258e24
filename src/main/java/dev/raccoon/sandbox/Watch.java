package dev.raccoon.sandbox;

import dev.raccoon.process.Subprocess;
import dev.raccoon.value.BuildLimits;
import dev.raccoon.value.Limit;
import dev.raccoon.value.Peaks;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Watches one command: takes what it prints, looks at what it has of everything ten times a second,
 * and says when it is over a limit.
 */
final class Watch extends OutputStream implements Subprocess.Watch {
  /** How long a command may be at its limit of processes, where it gets no further. */
  private static final Duration STUCK = Duration.ofSeconds(2);

  private final OutputStream log;
  private final BuildLimits limits;
  private final long endNanos;
  private final Gauge gauge;
  private final Subprocess.Killer kill;
  private final Complaint complaint = new Complaint();
  private volatile long printedNanos = System.nanoTime();
  private long freeProcessNanos = System.nanoTime();
  private Peaks peaks = Peaks.NONE;
  private @Nullable Limit over;

  /** Looks at what a command has at this moment. */
  interface Gauge {
    Peaks now() throws IOException;
  }

  /**
   * A watch over what {@code gauge} shows, until {@code endNanos} of the machine's monotonic clock;
   * what the command prints goes on to {@code log}.
   */
  Watch(OutputStream log, BuildLimits limits, long endNanos, Gauge gauge, Subprocess.Killer kill) {
    this.log = log;
    this.limits = limits;
    this.endNanos = endNanos;
    this.gauge = gauge;
    this.kill = kill;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    printedNanos = System.nanoTime();
    synchronized (complaint) {
      complaint.hear(bytes, offset, length);
    }
    log.write(bytes, offset, length);
  }

  @Override
  public boolean isOver() throws IOException {
    Optional<Peaks> seen = look();
    if (seen.isEmpty()) {
      over = Limit.MEMORY;
      return true;
    }
    Peaks now = seen.get();
    long nanos = System.nanoTime();
    if (now.processes() < limits.amount(Limit.PROCESSES)) {
      freeProcessNanos = nanos;
    }
    over = limitOf(now, nanos);
    return over != null;
  }

  /**
   * What the command has now; remembered when it is more than ever. Nothing where the kernel has
   * killed what held its files as well, for want of memory.
   */
  Optional<Peaks> look() throws IOException {
    try {
      Peaks now = gauge.now();
      peaks = peaks.max(now);
      return Optional.of(now);
    } catch (MemoryFolder.GoneException e) {
      return Optional.empty();
    }
  }

  private @Nullable Limit limitOf(Peaks now, long nanos) {
    if (now.memoryBytes() > limits.amount(Limit.MEMORY)) {
      return Limit.MEMORY;
    }
    if (nanos - freeProcessNanos > STUCK.toNanos()
        || now.processes() > limits.amount(Limit.PROCESSES) + Cage.OURS) {
      return Limit.PROCESSES;
    }
    if (nanos - endNanos >= 0) {
      return Limit.TIME;
    }
    return nanos - printedNanos > limits.time(Limit.SILENCE).toNanos() ? Limit.SILENCE : null;
  }

  @Override
  public void kill(Process process) {
    kill.kill(process);
  }

  /** The limit for which the command was ended, if it was. */
  Optional<Limit> over() {
    return Optional.ofNullable(over);
  }

  /** What its last words say that it could not get more of. */
  Optional<Limit> complaint() {
    synchronized (complaint) {
      return complaint.limit();
    }
  }

  /** The most that was seen of everything. */
  Peaks peaks() {
    return peaks;
  }
}
