package dev.raccoon.http;

import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** What goes back to a client. */
public sealed interface Answer {
  /** The header fields besides those that follow from the body. */
  Map<String, String> headers();

  /** The same answer with one more header field. */
  Answer with(String name, String value);

  /** Bytes in memory. */
  @SuppressWarnings("ArrayRecordComponent") // never compared, only sent
  record Bytes(int status, String contentType, byte[] body, Map<String, String> headers)
      implements Answer {
    @Override
    public Bytes with(String name, String value) {
      return new Bytes(status, contentType, body, added(headers, name, value));
    }
  }

  /**
   * A file, sent without copying, in parts if the client asks for one.
   *
   * @param file open for reading; closed when it is sent, or cannot be
   * @param etag without its quotes; the same tag always names the same bytes
   */
  record StoredFile(FileChannel file, String contentType, String etag, Map<String, String> headers)
      implements Answer {
    @Override
    public StoredFile with(String name, String value) {
      return new StoredFile(file, contentType, etag, added(headers, name, value));
    }
  }

  /**
   * Bytes that are made while they are sent, and never in memory all at once.
   *
   * @param sizeBytes exactly how many there are
   * @param bytes closed when they are sent, or cannot be
   */
  record Stream(String contentType, long sizeBytes, InputStream bytes, Map<String, String> headers)
      implements Answer {
    @Override
    public Stream with(String name, String value) {
      return new Stream(contentType, sizeBytes, bytes, added(headers, name, value));
    }
  }

  /** A text. */
  static Bytes text(int status, String body) {
    return new Bytes(
        status, "text/plain; charset=utf-8", body.getBytes(StandardCharsets.UTF_8), Map.of());
  }

  private static Map<String, String> added(Map<String, String> headers, String name, String value) {
    Map<String, String> all = new HashMap<>(headers);
    all.put(name, value);
    return Map.copyOf(all);
  }
}
