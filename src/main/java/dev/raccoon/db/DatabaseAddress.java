package dev.raccoon.db;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

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

  /**
   * Reads an operator's {@code postgresql://user:password@host:port/name}, or the same in the form
   * of JDBC with the parameters {@code user} and {@code password}.
   *
   * @throws IllegalArgumentException when it is neither; the message does not repeat it
   */
  public static DatabaseAddress parse(String url) {
    String plain = url.startsWith("jdbc:") ? url.substring("jdbc:".length()) : url;
    URI uri;
    try {
      uri = new URI(plain.replaceFirst("^postgres:", "postgresql:"));
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("it is not a URL");
    }
    if (!"postgresql".equals(uri.getScheme())
        || uri.getHost() == null
        || uri.getPath().length() < 2) {
      throw new IllegalArgumentException("postgresql://user:password@host:5432/name was expected");
    }
    Map<String, String> parameters = parameters(uri.getRawQuery());
    List<String> who = List.of((uri.getUserInfo() == null ? "" : uri.getUserInfo()).split(":", 2));
    String user = Optional.ofNullable(parameters.remove("user")).orElse(who.getFirst());
    String password =
        Optional.ofNullable(parameters.remove("password"))
            .orElse(who.size() > 1 ? who.getLast() : "");
    String rest =
        parameters.entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue())
            .collect(Collectors.joining("&", parameters.isEmpty() ? "" : "?", ""));
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    return new DatabaseAddress(
        "jdbc:postgresql://" + uri.getHost() + port + uri.getRawPath() + rest, user, password);
  }

  private static Map<String, String> parameters(@Nullable String query) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String pair : (query == null ? "" : query).split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        parameters.put(
            pair.substring(0, equals),
            URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
      }
    }
    return parameters;
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
