package dev.raccoon.catalog;

import dev.raccoon.value.BuildId;
import java.time.Instant;
import java.util.Optional;

/**
 * A row of a list of ended builds.
 *
 * @param ref empty where the build ended before it was known
 * @param otpMajor likewise
 * @param otpVersion likewise
 */
public record BuildSummary(
    BuildId id,
    String namespace,
    String name,
    boolean success,
    String message,
    Instant finishedAt,
    Optional<String> ref,
    Optional<Integer> otpMajor,
    Optional<String> otpVersion) {}
