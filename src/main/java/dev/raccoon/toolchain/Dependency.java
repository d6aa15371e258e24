package dev.raccoon.toolchain;

import java.util.Optional;

/** A direct dependency that a {@code rebar.config} names. */
public sealed interface Dependency {
  /** The OTP application's name. */
  String name();

  /**
   * One in a git repository.
   *
   * @param url as it is written, up to 2,000 printable characters; nothing of it is checked
   * @param revision empty where the repository's default branch is meant
   */
  record Git(String name, String url, Optional<Revision> revision) implements Dependency {}

  /**
   * One in a Hex repository.
   *
   * @param packageName the package's name there, mostly the application's
   * @param requirement such as {@code 1.2.3} or {@code ~> 1.2}; empty where any version will do
   */
  record Hex(String name, String packageName, Optional<String> requirement) implements Dependency {}

  /** What of a git repository is meant; {@code text} is as it is written, and not checked. */
  record Revision(Kind kind, String text) {
    /** What the text names; COMMIT is also said of whatever else git can check out. */
    public enum Kind {
      TAG,
      BRANCH,
      COMMIT
    }
  }
}
