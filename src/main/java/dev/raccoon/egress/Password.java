package dev.raccoon.egress;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.http.HttpServerRequest;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/** What keeps others on this machine from a door on loopback. */
record Password(String secret) {
  private static final String USER = "fetch";

  static Password random() {
    byte[] bytes = new byte[24];
    new SecureRandom().nextBytes(bytes);
    return new Password(HexFormat.of().formatHex(bytes));
  }

  boolean isIn(HttpServerRequest request) {
    String sent = request.getHeader("Proxy-Authorization");
    return sent != null && MessageDigest.isEqual(sent.getBytes(UTF_8), header().getBytes(UTF_8));
  }

  private String header() {
    return "Basic " + Base64.getEncoder().encodeToString((USER + ":" + secret).getBytes(UTF_8));
  }

  /** The proxy's address with it. */
  String url(int port) {
    return "http://" + USER + ":" + secret + "@127.0.0.1:" + port;
  }

  @Override
  public String toString() {
    return "Password[…]";
  }
}
