package dev.raccoon.egress;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A connection to a door's socket, for whatever bytes a test likes. */
final class InsideConnection implements AutoCloseable {
  final SocketChannel channel;
  private final InputStream in;

  InsideConnection(EgressDoor door) throws IOException {
    channel = SocketChannel.open(UnixDomainSocketAddress.of(door.socket()));
    in = new BufferedInputStream(Channels.newInputStream(channel));
  }

  /** An answer; header names are in lower case. */
  record Reply(int status, String reason, Map<String, String> headers, String body) {}

  /** What one GET of {@code url} is answered. */
  static Reply get(EgressDoor door, String url) throws IOException {
    try (InsideConnection connection = new InsideConnection(door)) {
      return connection.send("GET " + url + " HTTP/1.1\r\nHost: x\r\n\r\n").reply();
    }
  }

  /** Sends text, each character a byte. */
  InsideConnection send(String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(ISO_8859_1));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
    return this;
  }

  /** Reads an answer to a GET or a POST. */
  Reply reply() throws IOException {
    Reply head = head();
    String body;
    if ("chunked".equals(head.headers().get("transfer-encoding"))) {
      body = chunks();
    } else {
      int length = Integer.parseInt(head.headers().getOrDefault("content-length", "0"));
      body = new String(in.readNBytes(length), ISO_8859_1);
    }
    return new Reply(head.status(), head.reason(), head.headers(), body);
  }

  /** Reads an answer's head alone. */
  Reply head() throws IOException {
    String status = line();
    Map<String, String> headers = new TreeMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    return new Reply(
        Integer.parseInt(status.substring(9, 12)), status.substring(12).strip(), headers, "");
  }

  private String chunks() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (int size = size(); size > 0; size = size()) {
      body.write(in.readNBytes(size));
      line();
    }
    line();
    return body.toString(ISO_8859_1);
  }

  private int size() throws IOException {
    return Integer.parseInt(line(), 16);
  }

  /** Waits until the door has closed the connection, and answers how many bytes came until then. */
  long rest() {
    long count = 0;
    byte[] buffer = new byte[64 << 10];
    try {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        count += n;
      }
    } catch (IOException e) {
      // A reset is an end as well.
    }
    return count;
  }

  InputStream in() {
    return in;
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("closed after: " + line.toString(ISO_8859_1));
      }
      line.write(c);
    }
    return line.toString(ISO_8859_1).stripTrailing();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
