package dev.raccoon.egress;

import dev.raccoon.egress.EgressRules.Way;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server of the operator's, at any address and port, with credentials where the URL has some. */
record MirrorSite(
    boolean tls, Optional<String> credentials, Way.Direct way, String target, Outside outside)
    implements Mirror {
  private static final Pattern URL =
      Pattern.compile(
          "(?<scheme>https?)://(?:(?<user>[^/@]*)@)?(?<host>[^/:@\\[]+|\\[[^\\]/]+\\])"
              + "(?::(?<port>[0-9]{1,5}))?(?<target>/.*)?");

  static MirrorSite parse(String url, Outside outside) throws RefusedException {
    Matcher form = URL.matcher(url);
    if (!form.matches()) {
      throw new RefusedException(
          "The mirror for this address has no address that can be used: its operator can mend"
              + " RACCOON_GIT_REWRITES or RACCOON_HEX_MIRROR.");
    }
    boolean tls = form.group("scheme").equals("https");
    String port = form.group("port");
    int number = port == null ? (tls ? 443 : 80) : Integer.parseInt(port);
    String target = form.group("target");
    return new MirrorSite(
        tls,
        Optional.ofNullable(form.group("user")),
        new Way.Direct(form.group("host").toLowerCase(Locale.ROOT), number, true),
        target == null ? "/" : target,
        outside);
  }

  @Override
  public int pass(Exchange exchange)
      throws RefusedException, OutsideException, IOException, InterruptedException {
    return Forward.toMirror(exchange, request(exchange, exchange.request().method())).pass();
  }

  /** A request of {@code exchange}'s to it, of which nothing is sent yet. */
  HttpClientRequest request(Exchange exchange, HttpMethod method)
      throws RefusedException, OutsideException, InterruptedException {
    HttpClientRequest request =
        outside.request(outside.checked(way), exchange.waiting(), tls, method, target);
    // What the operator has written is the mirror's alone; nothing inside ever sees it.
    credentials.ifPresent(plain ->
        request.putHeader(
            "Authorization",
            "Basic " + Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8))));
    return request;
  }
}
