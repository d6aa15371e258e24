package dev.raccoon.otp;

import dev.raccoon.value.OtpVersion;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * An installation of Erlang/OTP that an administrator asked a node for.
 *
 * @param node the id of the data directory whose server does it
 * @param reason a sentence; empty unless it failed
 */
public record OtpInstall(
    long id,
    UUID node,
    OtpVersion version,
    State state,
    String reason,
    Instant askedAt,
    Optional<Instant> endedAt) {
  /** How far it is. */
  public enum State {
    QUEUED,
    RUNNING,
    SUCCEEDED,
    FAILED
  }

  /** Whether nothing more comes of it. */
  public boolean hasEnded() {
    return endedAt.isPresent();
  }
}
