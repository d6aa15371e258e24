package dev.raccoon.retention;

import dev.raccoon.catalog.BuildState;
import dev.raccoon.value.BuildId;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;

/**
 * A build that no rule keeps any longer.
 *
 * @param fullName of its package
 * @param ref empty where the build ended before it was known
 * @param otpVersion likewise
 * @param askedAt when it was the answer to a request last
 * @param downloadedOn when its package was fetched last
 * @param packageBytes of all its packages; other builds may have the same ones
 */
public record Expired(
    BuildId build,
    String fullName,
    Optional<String> ref,
    Optional<String> otpVersion,
    BuildState state,
    Instant finishedAt,
    Optional<Instant> askedAt,
    Optional<LocalDate> downloadedOn,
    long packageBytes) {}
