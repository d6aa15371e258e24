package dev.raccoon.artifact;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;

/**
 * An artifact that is being read: {@code sizeBytes} bytes, which have been found to be what their
 * digest says. They stay until it is closed, also where the store lets go of the file meanwhile.
 *
 * @param file open for reading, from its beginning
 */
public record Blob(long sizeBytes, FileChannel file) implements Closeable {
  /** The bytes one after the other; closing the stream closes the blob. */
  public InputStream bytes() {
    return Channels.newInputStream(file);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
