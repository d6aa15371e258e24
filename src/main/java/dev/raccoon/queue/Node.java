package dev.raccoon.queue;

import dev.raccoon.value.OtpVersion;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A machine as it last said of itself.
 *
 * @param processor as {@code uname -m} has it
 * @param program the version of Raccoon that it runs
 * @param slots how many builds it runs at once; 0 for one that only answers, or cannot build
 * @param running how many it runs now
 * @param otp the exact versions that it has, the newest first
 * @param up whether it gave a sign of life within {@link NodeStore#UP}, and has not stopped since
 * @param draining whether it takes no more builds
 */
public record Node(
    UUID id,
    String name,
    String processor,
    String program,
    int slots,
    int running,
    List<OtpVersion> otp,
    boolean up,
    boolean draining,
    Instant seenAt) {
  public Node {
    otp = List.copyOf(otp);
  }

  /**
   * What a machine says of itself.
   *
   * @param slots how many builds it runs at once; 0: none, since it only answers or cannot build
   * @param otp what it has, and remembers having while it cannot build
   * @param pause why it begins nothing just now, in a sentence, if so
   */
  public record Announcement(
      UUID id,
      String name,
      String processor,
      String program,
      int slots,
      List<OtpVersion> otp,
      Optional<String> pause) {
    public Announcement {
      otp = List.copyOf(otp);
    }
  }

  /** Whether it takes builds. */
  boolean takesBuilds() {
    return up && !draining && slots > 0;
  }
}
