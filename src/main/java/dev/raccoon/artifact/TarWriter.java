package dev.raccoon.artifact;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * Writes a tar whose bytes depend on its members' names, bytes and execute bits alone (POSIX ustar;
 * a pax header only for a name that is too long or not ASCII).
 */
final class TarWriter implements Closeable {
  private static final int BLOCK_BYTES = 512;

  /** A ustar name field, with the NUL that ends it. */
  private static final int NAME_BYTES = 100;

  private static final FileTime TIME = FileTime.from(Instant.parse("1980-01-01T00:00:00Z"));

  private final TarArchiveOutputStream tar;
  private final byte[] buffer = new byte[64 * 1024];

  TarWriter(OutputStream out) {
    tar = new TarArchiveOutputStream(out, BLOCK_BYTES, UTF_8.name());
    // The pax headers are our own: the library's carry the name of the user who runs it.
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_TRUNCATE);
  }

  /** How many bytes the tar of {@code members} has, or {@code limit + 1} if more than that. */
  static long sizeBytes(Iterable<Member> members, long limit) {
    long size = 2 * BLOCK_BYTES;
    for (Member member : members) {
      // First by itself: a sparse file's size can be near the greatest long.
      if (member.sizeBytes() > limit) {
        return limit + 1;
      }
      size += entryBytes(member.sizeBytes());
      if (needsPax(member.name())) {
        size += entryBytes(paxRecord(member.name()).length);
      }
      if (size > limit) {
        return limit + 1;
      }
    }
    return size;
  }

  private static long entryBytes(long size) {
    return BLOCK_BYTES + Math.ceilDiv(size, BLOCK_BYTES) * BLOCK_BYTES;
  }

  /** Writes one member; the caller sorts them. */
  void write(Member member) throws IOException, RefusedException {
    if (needsPax(member.name())) {
      writePax(member.name());
    }
    switch (member) {
      case Member.Folder folder -> begin(entry(folder, TarConstants.LF_DIR, 0755));
      case Member.TreeFile file -> {
        begin(entry(file, TarConstants.LF_NORMAL, file.executable() ? 0755 : 0644));
        copy(file);
      }
      case Member.Generated file -> {
        begin(entry(file, TarConstants.LF_NORMAL, 0644));
        tar.write(file.bytes());
      }
    }
    tar.closeArchiveEntry();
  }

  private void copy(Member.TreeFile file) throws IOException, RefusedException {
    long left = file.sizeBytes();
    try (InputStream in =
        Files.newInputStream(file.path(), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        left -= n;
        if (left < 0) {
          throw changed(file);
        }
        tar.write(buffer, 0, n);
      }
    } catch (AccessDeniedException e) {
      throw WorkTree.unreadable(file.name());
    }
    if (left > 0) {
      throw changed(file);
    }
  }

  private static RefusedException changed(Member.TreeFile file) {
    return new RefusedException(
        MemberName.shown(file.name()) + " changed its size while it was packed.");
  }

  private void begin(TarArchiveEntry entry) throws IOException {
    tar.putArchiveEntry(entry);
  }

  private static TarArchiveEntry entry(Member member, byte type, int mode) {
    return entry(member.name(), type, mode, member.sizeBytes());
  }

  private static TarArchiveEntry entry(String name, byte type, int mode, long size) {
    TarArchiveEntry entry = new TarArchiveEntry(name, type);
    entry.setMode(mode);
    entry.setIds(0, 0);
    entry.setNames("root", "root");
    entry.setModTime(TIME);
    entry.setSize(size);
    return entry;
  }

  private void writePax(String name) throws IOException {
    byte[] record = paxRecord(name);
    begin(entry("PaxHeaders/path", TarConstants.LF_PAX_EXTENDED_HEADER_LC, 0644, record.length));
    tar.write(record);
    tar.closeArchiveEntry();
  }

  private static boolean needsPax(String name) {
    return name.getBytes(UTF_8).length >= NAME_BYTES || name.chars().anyMatch(c -> c > 127);
  }

  /** {@code LENGTH path=NAME\n}, where LENGTH counts all of it, its own digits included. */
  private static byte[] paxRecord(String name) {
    String rest = " path=" + name + "\n";
    int length = rest.getBytes(UTF_8).length;
    int total = length + Integer.toString(length).length();
    total = length + Integer.toString(total).length();
    return (total + rest).getBytes(UTF_8);
  }

  /** Ends the tar, and closes what it is written to. */
  @Override
  public void close() throws IOException {
    tar.close();
  }
}
