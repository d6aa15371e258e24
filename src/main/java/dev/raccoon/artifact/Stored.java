package dev.raccoon.artifact;

import dev.raccoon.value.Sha256;

/** What a store keeps now: its name and its length in bytes. */
public record Stored(Sha256 digest, long sizeBytes) {}
