package dev.raccoon.egress;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;

/** The real curl. */
final class Curl {
  private Curl() {}

  /** The status and the body of what {@code url} is answered through {@code proxy}. */
  static String through(String proxy, String url) throws Exception {
    Process process =
        new ProcessBuilder(
                List.of("curl", "-q", "-s", "-x", proxy, "-w", "%{stderr}%{http_code} ", url))
            .start();
    process.getOutputStream().close();
    String body = new String(process.getInputStream().readAllBytes(), UTF_8);
    String status = new String(process.getErrorStream().readAllBytes(), UTF_8);
    process.waitFor();
    return status + body;
  }
}
