package dev.raccoon.backup;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Reads the members of a backup, one after the other; what is wrong with it is a sentence. */
final class BackupReader implements Closeable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int BUFFER_BYTES = 128 * 1024;
  private static final int MOST_JSON_BYTES = 1 << 20;

  private final Path path;
  private final InputStream file;
  private final InputStream unpacked;
  private final TarArchiveInputStream tar;

  BackupReader(Path path) throws IOException {
    this.path = path;
    this.file = Files.newInputStream(path);
    try {
      this.unpacked =
          new GZIPInputStream(new BufferedInputStream(file, BUFFER_BYTES), BUFFER_BYTES);
      this.tar = new TarArchiveInputStream(unpacked, "UTF-8");
    } catch (IOException e) {
      file.close();
      throw damaged(e);
    }
  }

  /** The name of the next member; empty behind the last. Then its bytes are there to be read. */
  Optional<String> next() throws IOException {
    try {
      TarArchiveEntry entry = tar.getNextEntry();
      if (entry != null && !entry.isFile()) {
        throw new DamagedBackupException(
            path + " is no backup: " + entry.getName() + " is no file.");
      }
      return Optional.ofNullable(entry).map(TarArchiveEntry::getName);
    } catch (DamagedBackupException e) {
      throw e;
    } catch (IOException | IllegalArgumentException e) {
      throw damaged(e);
    }
  }

  /** The bytes of the member; who reads them is told when the file is damaged. */
  InputStream bytes() {
    return new FilterInputStream(tar) {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] buffer, int offset, int length) throws IOException {
        try {
          return in.read(buffer, offset, length);
        } catch (IOException e) {
          throw damaged(e);
        }
      }

      @Override
      public void close() {}
    };
  }

  <T> T json(Class<T> type) throws IOException {
    byte[] bytes = bytes().readNBytes(MOST_JSON_BYTES);
    try {
      return Objects.requireNonNull(JSON.readValue(bytes, type));
    } catch (JacksonException | NullPointerException e) {
      throw damaged(e);
    }
  }

  /** Reads to the very end, where the checksum of all of it stands. */
  void end() throws IOException {
    try {
      var _ = unpacked.transferTo(java.io.OutputStream.nullOutputStream());
    } catch (IOException e) {
      throw damaged(e);
    }
  }

  private DamagedBackupException damaged(Exception e) {
    return new DamagedBackupException(
        path + " is damaged, cut off, or no backup: " + e.getMessage());
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
