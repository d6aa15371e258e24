package dev.raccoon.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A client that sends whatever bytes a test likes, and reads answers as HTTP/1.1 frames them.
 * Anything that takes longer than 20 s is a failure.
 */
public final class RawClient implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 20_000;

  private final Socket socket;
  private final InputStream in;

  /** Connects to a server on this machine. */
  public RawClient(int port) throws IOException {
    this(port, "127.0.0.1");
  }

  /** Connects from one of this machine's loopback addresses. */
  RawClient(int port, String from) throws IOException {
    socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port, InetAddress.ofLiteral(from), 0);
    socket.setSoTimeout(PATIENCE_MILLIS);
    in = socket.getInputStream();
  }

  /** An answer; header names are in lower case. */
  public record Reply(int status, Map<String, String> headers, String body) {
    /** A header's value. */
    public Optional<String> header(String name) {
      return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    }
  }

  /** Sends text, each character a byte. */
  public RawClient send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    return this;
  }

  /** Reads an answer to anything but HEAD. */
  public Reply reply() throws IOException {
    return reply(true);
  }

  /** Reads an answer that has no body by its nature. */
  public Reply replyWithoutBody() throws IOException {
    return reply(false);
  }

  private Reply reply(boolean hasBody) throws IOException {
    String status = line();
    Map<String, String> headers = new TreeMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    if (status.startsWith("HTTP/1.1 304")) {
      return new Reply(304, headers, "");
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    String body = hasBody ? new String(in.readNBytes(length), ISO_8859_1) : "";
    return new Reply(Integer.parseInt(status.substring(9, 12)), headers, body);
  }

  /** Reads {@code count} bytes of whatever comes. */
  public String bytes(int count) throws IOException {
    return new String(in.readNBytes(count), ISO_8859_1);
  }

  /** Waits until the server has closed the connection, and answers what came until then. */
  public String rest() throws IOException {
    ByteArrayOutputStream rest = new ByteArrayOutputStream();
    try {
      in.transferTo(rest);
    } catch (SocketException e) {
      // A reset is an end as well.
    }
    return rest.toString(ISO_8859_1);
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
    socket.close();
  }
}
