package dev.raccoon.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Requests that another site's page has its visitor's browser send. Whatever is not just read is
 * refused to them, with a token or without: no page of another site has any business here, and what
 * counts on a loopback server or in a company's network is where the browser stands.
 *
 * <p>Browsers say of every such request which site's page it comes from: newer ones in {@code
 * Sec-Fetch-Site}, all of them in {@code Origin}. Programs send neither.
 */
final class OtherSites {
  private static final Set<HttpMethod> SAFE =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.TRACE);
  private static final Pattern SITE = Pattern.compile("(https?://[^/]+)/?.*");

  private final Optional<String> ownOrigin;

  /** {@code publicUrl} is what browsers call the server by where a proxy hides it. */
  OtherSites(Optional<String> publicUrl) {
    this.ownOrigin = publicUrl.map(SITE::matcher).filter(Matcher::matches).map(url -> url.group(1));
  }

  Optional<Answer> refusal(HttpMethod method, MultiMap headers) {
    return !SAFE.contains(method) && isFromAnother(headers)
        ? Optional.of(Envelope.bad(403, "This cannot be asked for from another site's page."))
        : Optional.empty();
  }

  private boolean isFromAnother(MultiMap headers) {
    for (String site : headers.getAll("Sec-Fetch-Site")) {
      if (!site.equals("same-origin") && !site.equals("none")) {
        return true;
      }
    }
    for (String origin : headers.getAll("Origin")) {
      if (!isOurs(origin, headers.get("Host"))) {
        return true;
      }
    }
    return false;
  }

  private boolean isOurs(String origin, @Nullable String host) {
    return ownOrigin.filter(origin::equalsIgnoreCase).isPresent()
        || origin.equalsIgnoreCase("http://" + host)
        || origin.equalsIgnoreCase("https://" + host);
  }
}
