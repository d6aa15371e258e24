package dev.raccoon.egress;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What git's own clients ask for to clone (gitprotocol-http), of plain segments only: all that an
 * operator's mirror is asked for, since it may be asked with the operator's credentials.
 *
 * @param refs whether it is the list of refs that is asked for; else it is a pack
 */
record GitRequest(String repository, boolean refs) {
  private static final Pattern FORM =
      Pattern.compile(
          "(?<repository>(/+(?!\\.\\.?(/|$))[0-9A-Za-z_~+@:,=.-]+)+)"
              + "(?:(?<refs>/info/refs)\\?service=git-upload-pack|/git-upload-pack)");

  /** What {@code method} asks for at {@code target}, a path with its query, if it is to clone. */
  static Optional<GitRequest> of(String method, String target) {
    Matcher form = FORM.matcher(target);
    if (!form.matches()) {
      return Optional.empty();
    }
    boolean refs = form.group("refs") != null;
    return method.equals(refs ? "GET" : "POST")
        ? Optional.of(new GitRequest(form.group("repository"), refs))
        : Optional.empty();
  }

  /** What follows the repository's path. */
  String service() {
    return refs ? "/info/refs" : "/git-upload-pack";
  }

  String query() {
    return refs ? "service=git-upload-pack" : "";
  }
}
