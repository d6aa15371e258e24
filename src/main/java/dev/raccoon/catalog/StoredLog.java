package dev.raccoon.catalog;

import dev.raccoon.value.Sha256;

/**
 * A whole log: the digest of its gzip file in the artifact store, and how many bytes it has
 * unpacked.
 */
public record StoredLog(Sha256 digest, long sizeBytes) {}
