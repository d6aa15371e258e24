package dev.raccoon.egress;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** How a CGI program's answer begins (RFC 3875, 6): its status and its headers. */
record CgiHead(int status, Map<String, String> headers) {
  private static final int MAX_LINE_BYTES = 8 << 10;
  private static final int MAX_LINES = 50;

  /** Reads up to and with the empty line. */
  static CgiHead read(InputStream in) throws IOException {
    Map<String, String> headers = new LinkedHashMap<>();
    int status = 200;
    for (int lines = 0; lines < MAX_LINES; lines++) {
      String line = line(in);
      if (line.isEmpty()) {
        return new CgiHead(status, headers);
      }
      int colon = line.indexOf(':');
      if (colon < 1) {
        break;
      }
      String name = line.substring(0, colon);
      String value = line.substring(colon + 1).strip();
      if (name.toLowerCase(Locale.ROOT).equals("status") && value.matches("[1-5][0-9]{2}.*")) {
        status = Integer.parseInt(value.substring(0, 3));
      } else {
        headers.put(name, value);
      }
    }
    throw new IOException("git http-backend did not answer");
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0 || line.size() >= MAX_LINE_BYTES) {
        throw new IOException("git http-backend did not answer");
      }
      line.write(c);
    }
    return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
  }
}
