package dev.raccoon.catalog;

import dev.raccoon.value.Sha256;
import java.util.Optional;

/**
 * Bytes that a build made: one application of the repository in one format.
 *
 * @param application the OTP application's name
 * @param format {@code ep}, …: also the file's extension
 * @param appVsn the application's own version
 * @param main whether this is what {@code /get} and {@code /download} serve
 * @param nativeCode what it needs of a machine; empty where it runs wherever its OTP does
 */
public record Artifact(
    String application,
    String format,
    String appVsn,
    boolean main,
    Sha256 digest,
    long sizeBytes,
    Optional<NativeCode> nativeCode) {}
