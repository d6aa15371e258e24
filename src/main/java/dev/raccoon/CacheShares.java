package dev.raccoon;

import dev.raccoon.config.ArtifactPlace;
import dev.raccoon.config.Settings;

/** How the bytes of the cache are divided among what is kept in it. */
record CacheShares(long git, long hex, long artifacts) {
  /** What Hex has is small. */
  private static final int HEX = 4;

  private static final int ARTIFACTS = 2;

  /** What is read from a bucket has its share; a folder needs none. */
  static CacheShares of(Settings settings) {
    long all = settings.egress().cacheBytes();
    boolean bucket = settings.artifacts().place() instanceof ArtifactPlace.Bucket;
    long artifacts = bucket ? all / ARTIFACTS : 0;
    return new CacheShares(all - all / HEX - artifacts, all / HEX, artifacts);
  }
}
