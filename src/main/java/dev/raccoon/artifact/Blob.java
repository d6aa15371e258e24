package dev.raccoon.artifact;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;

/** An artifact that is being read: {@code sizeBytes} bytes, until it is closed. */
public record Blob(long sizeBytes, InputStream bytes) implements Closeable {
  @Override
  public void close() throws IOException {
    bytes.close();
  }
}
