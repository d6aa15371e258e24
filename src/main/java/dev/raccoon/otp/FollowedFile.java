package dev.raccoon.otp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/** A file that another program writes to meanwhile. For one thread. */
final class FollowedFile {
  private static final int MOST_AT_ONCE = 1 << 20;

  private final Path file;
  private long position;

  FollowedFile(Path file) {
    this.file = file;
  }

  /** What was added since the last call, up to a megabyte; a file that is not there has nothing. */
  byte[] more() throws IOException {
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      if (channel.size() < position) {
        position = 0; // Another one has taken its place.
      }
      int length = (int) Math.min(MOST_AT_ONCE, channel.size() - position);
      ByteBuffer bytes = ByteBuffer.allocate(length);
      channel.position(position);
      while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
        // Reads on.
      }
      position += bytes.position();
      return Arrays.copyOf(bytes.array(), bytes.position());
    } catch (NoSuchFileException e) {
      return new byte[0];
    }
  }
}
