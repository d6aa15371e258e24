package dev.raccoon.egress;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a request wants to go. Credentials in a request's address are left out: nothing from inside
 * is shown to a host.
 *
 * @param host a name or an address (an IPv6 one in brackets), in lower case
 * @param target the path and the query, as they came; empty for a tunnel
 */
record Destination(String host, int port, String target) {
  private static final int HTTPS_PORT = 443;
  private static final int MAX_HOST_LENGTH = 253;

  // RFC 1123's labels, none empty: a name with a dot at its end would be another one to TLS.
  private static final String HOST =
      "(?<host>[0-9A-Za-z_]([0-9A-Za-z_-]{0,61}[0-9A-Za-z])?"
          + "(\\.[0-9A-Za-z]([0-9A-Za-z-]{0,61}[0-9A-Za-z])?)*|\\[[0-9A-Fa-f:.]{2,45}\\])";
  private static final Pattern ABSOLUTE =
      Pattern.compile(
          "(?i:https?)://(?:[^/?#@\\\\\\s]*@)?"
              + HOST
              + "(?::(?<port>[0-9]{1,5}))?(?<target>[/?][\\x21-\\x7e&&[^#\\\\]]*)?");
  private static final Pattern WAY_UP =
      Pattern.compile("(?i)(?<![^/])(?:\\.|%2e){1,2}(?![^/])|%2f|%5c|\\\\");
  private static final Pattern AUTHORITY = Pattern.compile(HOST + ":(?<port>[0-9]{1,5})");

  /** The address of a request to a proxy: {@code http://github.com/acme/demo}. */
  static Destination parse(String uri) throws RefusedException {
    Matcher form = ABSOLUTE.matcher(uri);
    if (!form.matches()) {
      throw new RefusedException(
          "Raccoon passes on requests for http://HOST/PATH alone; this is none.");
    }
    String target = form.group("target");
    requireNoWayUp(target == null ? "" : target);
    return new Destination(
        host(form),
        webPort(form.group("port")),
        target == null ? "/" : target.startsWith("?") ? "/" + target : target);
  }

  /**
   * Refuses what servers read in different ways: a segment of dots, also in disguise, which leads
   * out of the folder that it stands in, and a slash or a backslash in disguise. What follows a
   * question mark is no path.
   */
  private static void requireNoWayUp(String target) throws RefusedException {
    String path = target.split("\\?", 2)[0];
    if (WAY_UP.matcher(path).find()) {
      throw new RefusedException(
          "Raccoon passes on plain paths alone: without . and .., and without an encoded / or \\.");
    }
  }

  /** The address of a CONNECT: {@code github.com:443}. */
  static Destination parseAuthority(String authority) throws RefusedException {
    Matcher form = AUTHORITY.matcher(authority);
    if (!form.matches()) {
      throw new RefusedException("Raccoon makes tunnels to HOST:443 alone; this names none.");
    }
    return new Destination(host(form), port(form.group("port")), "");
  }

  private static String host(Matcher form) throws RefusedException {
    String host = form.group("host").toLowerCase(Locale.ROOT);
    if (host.length() > MAX_HOST_LENGTH) {
      throw new RefusedException("A host's name has at most 253 characters.");
    }
    return host;
  }

  /** Outside it is https whatever is said inside, and so its port. */
  private static int webPort(String raw) throws RefusedException {
    int port = raw == null ? HTTPS_PORT : port(raw);
    return port == 80 ? HTTPS_PORT : port;
  }

  private static int port(String raw) throws RefusedException {
    int port = Integer.parseInt(raw);
    if (port < 1 || port > 65_535) {
      throw new RefusedException("There is no port " + raw + ".");
    }
    return port;
  }

  /** The host, with its port where that is not 443. */
  String authority() {
    return port == HTTPS_PORT ? host : host + ":" + port;
  }

  boolean isHttpsPort() {
    return port == HTTPS_PORT;
  }

  /** The address as operators' rewrites know it. */
  String url() {
    return "https://" + authority() + target;
  }
}
