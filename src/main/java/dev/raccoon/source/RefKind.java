package dev.raccoon.source;

/** What a ref is in its repository. */
public enum RefKind {
  /** A name that should not move. */
  TAG,
  /** A name that moves: of its builds, the newest good one wins. */
  BRANCH,
  /** A commit's own id. */
  COMMIT;

  /** The name under which git keeps {@code ref} in a repository of ours. */
  String fullName(String ref) {
    return switch (this) {
      case TAG -> "refs/tags/" + ref;
      case BRANCH -> "refs/heads/" + ref;
      case COMMIT -> "refs/raccoon/" + ref;
    };
  }
}
