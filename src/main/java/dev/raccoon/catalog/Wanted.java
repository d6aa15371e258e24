package dev.raccoon.catalog;

import dev.raccoon.value.BuildId;
import dev.raccoon.value.OtpSelector;
import dev.raccoon.value.Ref;
import java.util.Optional;

/**
 * One entry of a request.
 *
 * @param ref empty: the newest tag
 * @param otp empty: the repository's own list, else the server's default
 */
public record Wanted(Optional<Ref> ref, Optional<OtpSelector> otp) {
  /** Nothing said: the newest tag, for whatever the repository lists. */
  public static final Wanted ANYTHING = new Wanted(Optional.empty(), Optional.empty());

  /**
   * An entry with what is known of it.
   *
   * @param built the good build of the very same commit and OTP where there is one already
   * @param commit what its ref names now; empty: not known
   */
  public record OrBuilt(Wanted wanted, Optional<BuildId> built, Optional<String> commit) {}
}
