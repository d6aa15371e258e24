package dev.raccoon.value;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The address of a repository on a code host: https only, without credentials, query or fragment,
 * its host in lower case. Whether that host may be cloned is a question for {@code source}.
 *
 * @param host a name or an address (an IPv6 one in brackets)
 * @param port -1 for the scheme's own
 * @param path begins with a slash, does not end with one, and holds plain segments only
 */
public record CloneUrl(String host, int port, String path) {
  /** In characters. */
  public static final int MAX_LENGTH = 500;

  private static final int HTTPS_PORT = 443;

  /** In characters. */
  private static final int MAX_HOST_LENGTH = 253;

  private static final Pattern FORM =
      Pattern.compile(
          "https://(?<host>[0-9A-Za-z.-]+|\\[[0-9A-Fa-f:.]+\\])(?::(?<port>[0-9]{1,5}))?(?<path>/.+?)/?");
  // RFC 1123's labels, or something in brackets that only the network's own parser can judge.
  private static final Pattern HOST =
      Pattern.compile(
          "[0-9a-z]([0-9a-z-]{0,61}[0-9a-z])?(\\.[0-9a-z]([0-9a-z-]{0,61}[0-9a-z])?)*|\\[[0-9a-f:.]+\\]");
  private static final Pattern PATH =
      Pattern.compile("(/(?!(\\.|\\.\\.|\\.git)(/|$))[0-9A-Za-z_~+.-]+)+");
  private static final Pattern SCHEME =
      Pattern.compile("([A-Za-z][0-9A-Za-z+.-]*):.*", Pattern.DOTALL);
  private static final Pattern CREDENTIALS = Pattern.compile("https://[^/]*@.*", Pattern.DOTALL);
  private static final String EXAMPLE = "such as https://github.com/acme/demo.git.";
  private static final String NO_ADDRESS =
      "clone_url is not a repository's https address, " + EXAMPLE;

  public CloneUrl {
    port = port == HTTPS_PORT ? -1 : port;
    if (host.length() > MAX_HOST_LENGTH
        || text(host, port, path).length() > MAX_LENGTH
        || !HOST.matcher(host).matches()
        || !PATH.matcher(path).matches()
        || port < -1
        || port == 0
        || port > 65_535) {
      throw new InvalidValueException(NO_ADDRESS);
    }
  }

  /** Parses a request's {@code clone_url}. */
  public static CloneUrl parse(String raw) {
    if (raw.length() > MAX_LENGTH) {
      throw new InvalidValueException("clone_url is longer than " + MAX_LENGTH + " characters.");
    }
    Matcher form = FORM.matcher(raw);
    if (!form.matches()) {
      throw new InvalidValueException(whatIsWrong(raw));
    }
    String port = form.group("port");
    return new CloneUrl(
        form.group("host").toLowerCase(Locale.ROOT),
        port == null ? -1 : Integer.parseInt(port),
        form.group("path"));
  }

  private static String whatIsWrong(String raw) {
    if (raw.isEmpty()) {
      return "clone_url is missing: name the repository's https address, " + EXAMPLE;
    }
    if (!raw.startsWith("https:") && SCHEME.matcher(raw).matches()) {
      return "clone_url must begin with https://, " + EXAMPLE;
    }
    if (CREDENTIALS.matcher(raw).matches()) {
      return "clone_url must not hold a user name, a password or a token.";
    }
    return NO_ADDRESS;
  }

  /** The address without a closing {@code .git}: what package files name. */
  public String withoutGit() {
    String text = toString();
    return text.endsWith(".git") ? text.substring(0, text.length() - ".git".length()) : text;
  }

  /**
   * Whether both name one repository: a closing {@code .git} and the path's case make no
   * difference.
   */
  public boolean sameRepository(CloneUrl other) {
    return withoutGit().equalsIgnoreCase(other.withoutGit());
  }

  @Override
  public String toString() {
    return text(host, port, path);
  }

  private static String text(String host, int port, String path) {
    return "https://" + host + (port < 0 ? "" : ":" + port) + path;
  }
}
