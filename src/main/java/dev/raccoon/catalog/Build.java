package dev.raccoon.catalog;

import dev.raccoon.value.BuildId;
import dev.raccoon.value.CloneUrl;
import dev.raccoon.value.OtpSelector;
import dev.raccoon.value.OtpVersion;
import dev.raccoon.value.PackageName;
import dev.raccoon.value.Ref;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A build as its record has it now.
 *
 * @param askedRef as the request has it; empty: the newest tag
 * @param askedOtp as the request has it; empty: the repository's own list, else the server's
 *     default
 * @param ref what was built, once that is known
 * @param commit likewise
 * @param moved whether its tag has moved to that commit, while the one before goes on being served
 * @param otp as ref
 * @param message the reason for its state, in a sentence
 * @param stage what a running build is at
 * @param attempt how often it was begun
 * @param log its whole log in the artifact store, once it has ended
 * @param use what its commands have used, once they have ended
 * @param removedAt when retention has removed what it kept; it has no log since then
 */
public record Build(
    BuildId id,
    UUID request,
    Origin origin,
    PackageName name,
    CloneUrl cloneUrl,
    Optional<Ref> askedRef,
    Optional<OtpSelector> askedOtp,
    Optional<Ref> ref,
    Optional<String> commit,
    boolean moved,
    Optional<OtpVersion> otp,
    BuildState state,
    Optional<FailureKind> failure,
    String message,
    Optional<String> stage,
    int attempt,
    Instant queuedAt,
    Optional<Instant> startedAt,
    Optional<Instant> finishedAt,
    Optional<StoredLog> log,
    Optional<BuildUse> use,
    Optional<Instant> removedAt) {

  /** Who asked for a build. */
  public enum Origin {
    /** A request over the API. */
    API,
    /** Somebody who wants a new build of what may be built already. */
    REBUILD,
    /** An administrator who wants many at once, when nobody else wants anything. */
    BULK;

    /** Higher ones come first. */
    int priority() {
      return switch (this) {
        case API, REBUILD -> 0;
        case BULK -> -20;
      };
    }
  }

  /** The release that this build is for, as far as it is known. */
  public Optional<Integer> otpMajor() {
    return otp.map(OtpVersion::major).or(() -> askedOtp.map(asked -> asked.asked().major()));
  }
}
