package dev.raccoon.db;

import java.util.regex.Pattern;

/**
 * Where a database is and who asks: {@code jdbc:postgresql://host:port/name}, a role and its
 * password. It may be logged: its text holds neither the password nor the URL's parameters, which
 * may hold one too.
 */
public record DatabaseAddress(String jdbcUrl, String user, String password) {
  private static final Pattern SECRETS = Pattern.compile("\\?.*|(?<=//)[^/@]*@");

  public DatabaseAddress {
    if (!jdbcUrl.startsWith("jdbc:postgresql:")) {
      throw new IllegalArgumentException(
          "A database's URL begins with jdbc:postgresql:, as in jdbc:postgresql://host:5432/raccoon.");
    }
  }

  /** The same server and role, but another database; the URL's parameters are kept. */
  DatabaseAddress withDatabase(String name) {
    int path =
        jdbcUrl.lastIndexOf('/', jdbcUrl.contains("?") ? jdbcUrl.indexOf('?') : jdbcUrl.length());
    int parameters = jdbcUrl.indexOf('?', path);
    String tail = parameters < 0 ? "" : jdbcUrl.substring(parameters);
    return new DatabaseAddress(jdbcUrl.substring(0, path + 1) + name + tail, user, password);
  }

  @Override
  public String toString() {
    return SECRETS.matcher(jdbcUrl).replaceAll("") + " as " + user;
  }
}
