package dev.raccoon.sandbox;

/**
 * What a build uses of the machine.
 *
 * @param memoryBytes what its processes keep for themselves or share among each other: file cache,
 *     which the kernel takes back when it needs to, is not in it
 * @param processes processes and threads
 */
public record Usage(long memoryBytes, int processes) {}
