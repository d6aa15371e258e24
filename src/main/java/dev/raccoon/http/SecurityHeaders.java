package dev.raccoon.http;

import io.vertx.core.MultiMap;
import java.util.Optional;

/**
 * What every answer tells a browser, so that nothing in it is taken for more than it is. An answer
 * that needs something else says so by {@link Answer#with}.
 */
public final class SecurityHeaders {
  /** For JSON, text and files: nothing is loaded, run or framed. */
  static final String NOTHING =
      "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  /** The {@code Content-Security-Policy} of a page: our own styles, scripts, images and forms. */
  public static final String PAGE =
      "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self';"
          + " form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

  private static final String A_YEAR = "max-age=31536000";

  private final boolean https;

  /** The headers of a server that is called by {@code publicUrl}. */
  SecurityHeaders(Optional<String> publicUrl) {
    this.https = publicUrl.filter(url -> url.startsWith("https://")).isPresent();
  }

  void put(MultiMap headers) {
    headers
        .set("Content-Security-Policy", NOTHING)
        .set("X-Content-Type-Options", "nosniff")
        .set("X-Frame-Options", "DENY")
        .set("Referrer-Policy", "no-referrer")
        .set("Cross-Origin-Resource-Policy", "same-origin");
    if (https) {
      headers.set("Strict-Transport-Security", A_YEAR);
    }
  }
}
