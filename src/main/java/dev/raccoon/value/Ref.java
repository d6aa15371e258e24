package dev.raccoon.value;

import java.util.regex.Pattern;

/**
 * A git reference's short name as a person asks for it: a tag ({@code 1.0.2}, {@code release/2.0}),
 * a branch, or a commit's 40 hexadecimal digits.
 *
 * <p>The form is the intersection of what {@code git check-ref-format} allows and what is safe as a
 * command's argument and as a path's segment; it is narrower than git's (no blanks, quotes or wild
 * cards), and no known Erlang package has a tag outside of it.
 */
public record Ref(String name) {
  /** In characters; git itself is limited by the file system's 255 bytes a name. */
  public static final int MAX_LENGTH = 200;

  private static final Pattern FORM = Pattern.compile("[0-9A-Za-z_][0-9A-Za-z._+@#=,()/-]*");
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}([0-9a-f]{24})?");

  public Ref {
    if (name.isEmpty()) {
      throw new InvalidValueException(
          "The ref is empty: name a tag, such as 1.0.0, or leave ref out for the newest.");
    }
    if (name.length() > MAX_LENGTH) {
      throw new InvalidValueException("The ref is longer than " + MAX_LENGTH + " characters.");
    }
    if (!FORM.matcher(name).matches()
        || name.contains("..")
        || name.contains("//")
        || name.contains("/.")
        || name.contains("@{")
        || name.endsWith("/")
        || name.endsWith(".")
        || name.endsWith(".lock")
        || name.contains(".lock/")
        || name.contains("./")) {
      throw new InvalidValueException(
          "The ref must be a tag, a branch or a commit, such as 1.0.0: it begins with a letter, a digit or _,"
              + " goes on with those or . _ - + @ # = , ( ) /, and has no .. in it.");
    }
  }

  /** Whether this is a whole commit id (SHA-1 or SHA-256) rather than a name. */
  public boolean isCommit() {
    return COMMIT.matcher(name).matches();
  }

  @Override
  public String toString() {
    return name;
  }
}
