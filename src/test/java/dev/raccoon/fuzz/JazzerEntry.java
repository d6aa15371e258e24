package dev.raccoon.fuzz;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Where Jazzer enters: it gives the target of a name one input after another. */
public final class JazzerEntry {
  /** Processor time, which others on the machine do not prolong, for up to 64 KiB. */
  private static final Duration MAX_TIME = Duration.ofSeconds(1);

  private static @Nullable FuzzTarget target;

  private JazzerEntry() {}

  /** Called by Jazzer once, with the target's name. */
  public static void fuzzerInitialize(String[] arguments) {
    target = FuzzTargets.named(arguments[0]);
  }

  /** Called by Jazzer with each input. */
  public static void fuzzerTestOneInput(byte[] input) throws Exception {
    if (target == null) {
      throw new IllegalStateException("no target was named");
    }
    checkInTime(target, input);
    if (Pump.isChosen(input)) {
      checkInTime(target, Pump.pumped(input));
    }
  }

  /** Twice before it counts: the first of all inputs loads classes. */
  private static void checkInTime(FuzzTarget target, byte[] input) throws Exception {
    long nanos = processorNanos(target, input);
    if (nanos > MAX_TIME.toNanos() && processorNanos(target, input) > MAX_TIME.toNanos()) {
      throw new AssertionError(
          input.length + " bytes took " + Duration.ofNanos(nanos) + " of processor time");
    }
  }

  private static long processorNanos(FuzzTarget target, byte[] input) throws Exception {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long start = threads.getCurrentThreadCpuTime();
    target.check(input);
    return threads.getCurrentThreadCpuTime() - start;
  }
}
