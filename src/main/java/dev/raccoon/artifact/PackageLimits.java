package dev.raccoon.artifact;

/**
 * How much of a work tree fits into one package.
 *
 * @param sizeBytes the package file's greatest length, under 8 GiB (a tar header's own limit)
 * @param members how many files, folders and links are looked at
 */
public record PackageLimits(long sizeBytes, int members) {
  public PackageLimits {
    if (sizeBytes < 0 || sizeBytes >= 8L << 30 || members < 0) {
      throw new IllegalArgumentException("limits out of range: " + sizeBytes + ", " + members);
    }
  }
}
