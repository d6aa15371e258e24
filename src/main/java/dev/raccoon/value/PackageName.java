package dev.raccoon.value;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A package's full name, {@code namespace/name}, as a code host has it. Two names that differ only
 * in case name the same package, as on the code hosts; the case is kept for showing.
 */
public record PackageName(String namespace, String name) {
  private static final Pattern SEGMENT = Pattern.compile("[0-9A-Za-z_][0-9A-Za-z._-]{0,99}");
  private static final String GIT = ".git";
  private static final Pattern OTP_SUFFIX = Pattern.compile(".*-otp[0-9]+");

  /**
   * Every first path segment that is the server's own, now or by the design of what comes, so that
   * {@code /namespace/name} never hides one; and {@code hexpm}, the public Hex repository's name.
   */
  private static final Set<String> RESERVED =
      Set.of(
          "_",
          "-",
          "about",
          "account",
          "add",
          "admin",
          "api",
          "assets",
          "atom",
          "audit",
          "auth",
          "badge",
          "build",
          "build_log",
          "buildasync",
          "builds",
          "buildsync",
          "callback",
          "catalog",
          "docs",
          "download",
          "download_erts",
          "erts",
          "events",
          "favicon.ico",
          "feed",
          "get",
          "health",
          "help",
          "hex",
          "hexpm",
          "installs",
          "keys",
          "last_builds",
          "live",
          "log",
          "login",
          "logout",
          "logs",
          "metrics",
          "names",
          "new",
          "openapi.json",
          "openapi.yaml",
          "orgs",
          "packages",
          "public_key",
          "queue",
          "ready",
          "rebuild",
          "repos",
          "robots.txt",
          "search",
          "settings",
          "static",
          "status",
          "tarballs",
          "token",
          "tokens",
          "toolchains",
          "users",
          "versions",
          "web",
          "webhook",
          "webhooks",
          "well-known");

  public PackageName {
    check("namespace", namespace);
    check("name", name);
    String lower = namespace.toLowerCase(Locale.ROOT);
    if (RESERVED.contains(lower) || OTP_SUFFIX.matcher(lower).matches()) {
      throw reserved(namespace);
    }
  }

  /**
   * What is said of a namespace that is the server's own, and of one that somebody must not see.
   */
  public static InvalidValueException reserved(String namespace) {
    return new InvalidValueException(
        "The namespace " + namespace + " is reserved for the server itself.");
  }

  /** Parses {@code namespace/name}, with or without a closing {@code .git}. */
  public static PackageName parse(String raw) {
    String text = endsWithGit(raw) ? raw.substring(0, raw.length() - GIT.length()) : raw;
    int slash = text.indexOf('/');
    if (slash < 0 || text.indexOf('/', slash + 1) >= 0) {
      throw new InvalidValueException("full_name must be namespace/name, such as acme/demo.");
    }
    return new PackageName(text.substring(0, slash), text.substring(slash + 1));
  }

  private static boolean endsWithGit(String text) {
    return text.toLowerCase(Locale.ROOT).endsWith(GIT);
  }

  private static void check(String what, String segment) {
    if (!SEGMENT.matcher(segment).matches() || segment.contains("..") || endsWithGit(segment)) {
      throw new InvalidValueException(
          "full_name must be namespace/name, such as acme/demo: the "
              + what
              + " has up to 100 letters, digits, dots, dashes and underscores, and begins with a letter, a digit or _.");
    }
  }

  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
