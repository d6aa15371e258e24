package dev.raccoon.backup;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes a file beside the one it is to be, readable by its owner alone; that one is there only
 * once all of it is on the disk. Closed before, nothing is left.
 */
final class BackupWriter implements Closeable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int BUFFER_BYTES = 128 * 1024;

  /** The most of a table that is in memory, but for a row. */
  private static final int PIECE_BYTES = 4 << 20;

  private final Path target;
  private final Path draft;
  private final FileChannel channel;
  private final TarArchiveOutputStream tar;

  /** One that is to be {@code target}, an absolute path where there is nothing yet. */
  BackupWriter(Path target) throws IOException {
    if (Files.exists(target)) {
      throw new FileAlreadyExistsException(target.toString(), null, "there is a file already");
    }
    this.target = target;
    this.draft = target.resolveSibling(target.getFileName() + "." + UUID.randomUUID() + ".part");
    this.channel =
        FileChannel.open(
            draft,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    this.tar = packed(channel);
  }

  private static TarArchiveOutputStream packed(FileChannel channel) throws IOException {
    BufferedOutputStream file =
        new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES);
    TarArchiveOutputStream tar =
        new TarArchiveOutputStream(new GZIPOutputStream(file, BUFFER_BYTES), "UTF-8");
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    return tar;
  }

  void json(String name, Object value) throws IOException {
    byte[] bytes = JSON.writeValueAsBytes(value);
    member(name, bytes.length, new ByteArrayInputStream(bytes));
  }

  void member(String name, long sizeBytes, InputStream bytes) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(sizeBytes);
    entry.setMode(0600);
    tar.putArchiveEntry(entry);
    bytes.transferTo(tar);
    tar.closeArchiveEntry();
  }

  /** Members {@code prefix}000001 and so on, for what is longer than memory. */
  Pieces pieces(String prefix) {
    return new Pieces(prefix);
  }

  /** What is collected until it is worth a member. */
  final class Pieces implements Closeable {
    private final String prefix;
    private final ByteArrayOutputStream piece = new ByteArrayOutputStream();
    private int number;

    private Pieces(String prefix) {
      this.prefix = prefix;
    }

    void add(byte[] bytes) throws IOException {
      piece.write(bytes);
      if (piece.size() >= PIECE_BYTES) {
        flush();
      }
    }

    private void flush() throws IOException {
      number++;
      byte[] bytes = piece.toByteArray();
      member(prefix + "%06d".formatted(number), bytes.length, new ByteArrayInputStream(bytes));
      piece.reset();
    }

    @Override
    public void close() throws IOException {
      if (piece.size() > 0) {
        flush();
      }
    }
  }

  /** All is written: the file has its name, and both are on the disk. */
  void publish() throws IOException {
    tar.finish();
    tar.flush();
    tar.close();
    try (FileChannel whole = FileChannel.open(draft, StandardOpenOption.WRITE)) {
      whole.force(true);
    }
    Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
    Path folder = Objects.requireNonNull(target.getParent(), "an absolute path has a folder");
    try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
      names.force(true);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      Files.deleteIfExists(draft);
    }
  }
}
