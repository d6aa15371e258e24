package dev.raccoon.toolchain;

import dev.raccoon.value.Sha256;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a build used beside its own tree, exactly. All texts are in one printable line.
 *
 * @param name the OTP application's name
 * @param revision a package's version, or a commit
 * @param source a Hex package as {@code repository/package}, or a git repository's URL without any
 *     password
 * @param innerDigest of what is in a Hex package's tarball, where that is known
 * @param digest of a Hex package's whole tarball, where that is known; a commit is one itself
 */
public record ResolvedDependency(
    String name,
    Kind kind,
    String revision,
    String source,
    Optional<Sha256> innerDigest,
    Optional<Sha256> digest) {
  private static final Pattern PRINTABLE = Pattern.compile("[\\P{C}&&[^\\p{Zl}\\p{Zp}]]{1,2000}");
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");
  private static final Pattern PASSWORD = Pattern.compile("(?i)^(https?://)[^/]*@");

  /** Where it came from. */
  public enum Kind {
    HEX,
    GIT
  }

  /** A package of Hex; empty where a part of it cannot be right. */
  static Optional<ResolvedDependency> hex(
      String name, String packageName, String version, String repository) {
    return isShort(name) && isShort(packageName) && isShort(version) && isShort(repository)
        ? Optional.of(
            new ResolvedDependency(
                name,
                Kind.HEX,
                version,
                repository + "/" + packageName,
                Optional.empty(),
                Optional.empty()))
        : Optional.empty();
  }

  /** A commit of a git repository; empty where a part of it cannot be right. */
  static Optional<ResolvedDependency> git(String name, String url, String commit) {
    return isShort(name) && PRINTABLE.matcher(url).matches() && COMMIT.matcher(commit).matches()
        ? Optional.of(
            new ResolvedDependency(
                name,
                Kind.GIT,
                commit,
                PASSWORD.matcher(url).replaceFirst("$1"),
                Optional.empty(),
                Optional.empty()))
        : Optional.empty();
  }

  /** The same with digests, each 64 hexadecimal digits or nothing. */
  ResolvedDependency with(Optional<String> inner, Optional<String> outer) {
    return new ResolvedDependency(name, kind, revision, source, sha256(inner), sha256(outer));
  }

  private static Optional<Sha256> sha256(Optional<String> hex) {
    return hex.map(text -> text.toLowerCase(Locale.ROOT))
        .filter(text -> text.matches("[0-9a-f]{64}"))
        .map(Sha256::new);
  }

  private static boolean isShort(String text) {
    return text.length() <= 255 && PRINTABLE.matcher(text).matches();
  }
}
