package dev.raccoon.toolchain;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a program or a shared library (ELF, 64 bits, little-endian: elf(5)) needs beside itself to
 * start.
 *
 * @param interpreter the dynamic loader that it names
 * @param libraryPath the folders of its DT_RUNPATH or, without one, its DT_RPATH, as ld.so(8) takes
 *     them, {@code $ORIGIN} expanded; entries that are relative or have other variables are left
 *     out
 */
record ElfFile(Optional<Path> interpreter, List<Path> libraryPath) {
  /** What a file that is not such an ELF file, or a damaged one, needs. */
  static final ElfFile NOTHING = new ElfFile(Optional.empty(), List.of());

  private static final int HEADER_BYTES = 64;
  private static final int SEGMENT_BYTES = 56;
  private static final int MAX_SEGMENTS = 128;
  private static final int MAX_DYNAMIC_BYTES = 64 * 1024;
  private static final int MAX_STRING_BYTES = 4096;

  private static final int PT_LOAD = 1;
  private static final int PT_DYNAMIC = 2;
  private static final int PT_INTERP = 3;
  private static final long DT_NULL = 0;
  private static final long DT_STRTAB = 5;
  private static final long DT_RPATH = 15;
  private static final long DT_RUNPATH = 29;

  ElfFile {
    libraryPath = List.copyOf(libraryPath);
  }

  /** Reads a few kilobytes of {@code file}; any other file than such an ELF file is NOTHING. */
  static ElfFile read(Path file) {
    if (!Files.isRegularFile(file)) {
      return NOTHING;
    }
    try (FileChannel channel = FileChannel.open(file)) {
      List<Segment> segments = segments(channel);
      return segments.isEmpty()
          ? NOTHING
          : new ElfFile(
              interpreter(channel, segments),
              folders(libraryPath(channel, segments), file.toRealPath().resolveSibling("")));
    } catch (IOException e) {
      // A file that cannot be read needs nothing: nobody can start it either.
      return NOTHING;
    }
  }

  private static List<Segment> segments(FileChannel channel) throws IOException {
    ByteBuffer header = bytes(channel, 0, HEADER_BYTES);
    if (header.remaining() < HEADER_BYTES
        || header.getInt(0) != 0x464C457F
        || header.get(4) != 2
        || header.get(5) != 1) {
      return List.of();
    }
    int count = Short.toUnsignedInt(header.getShort(56));
    if (header.getShort(54) != SEGMENT_BYTES || count > MAX_SEGMENTS) {
      return List.of();
    }
    ByteBuffer table = bytes(channel, header.getLong(32), count * SEGMENT_BYTES);
    List<Segment> segments = new ArrayList<>();
    for (int at = 0; at + SEGMENT_BYTES <= table.limit(); at += SEGMENT_BYTES) {
      segments.add(
          new Segment(
              table.getInt(at),
              table.getLong(at + 8),
              table.getLong(at + 16),
              table.getLong(at + 32)));
    }
    return segments;
  }

  private static Optional<Path> interpreter(FileChannel channel, List<Segment> segments)
      throws IOException {
    for (Segment segment : segments) {
      if (segment.type == PT_INTERP) {
        return string(channel, segment.offset).flatMap(ElfFile::absolute);
      }
    }
    return Optional.empty();
  }

  private static Optional<String> libraryPath(FileChannel channel, List<Segment> segments)
      throws IOException {
    for (Segment segment : segments) {
      if (segment.type == PT_DYNAMIC) {
        int length = Math.clamp(segment.bytes, 0, MAX_DYNAMIC_BYTES);
        return libraryPath(channel, segments, bytes(channel, segment.offset, length));
      }
    }
    return Optional.empty();
  }

  private static Optional<String> libraryPath(
      FileChannel channel, List<Segment> segments, ByteBuffer dynamic) throws IOException {
    long strings = -1;
    long rpath = -1;
    long runpath = -1;
    while (dynamic.remaining() >= 16) {
      long tag = dynamic.getLong();
      long value = dynamic.getLong();
      if (tag == DT_NULL) {
        break;
      } else if (tag == DT_STRTAB) {
        strings = value;
      } else if (tag == DT_RPATH) {
        rpath = value;
      } else if (tag == DT_RUNPATH) {
        runpath = value;
      }
    }
    long chosen = runpath >= 0 ? runpath : rpath;
    long table = fileOffset(segments, strings);
    return chosen < 0 || table < 0 ? Optional.empty() : string(channel, table + chosen);
  }

  /** Where in the file a loaded address lies, or -1. */
  private static long fileOffset(List<Segment> segments, long address) {
    for (Segment segment : segments) {
      long within = address - segment.address;
      if (segment.type == PT_LOAD && within >= 0 && within < segment.bytes) {
        return segment.offset + within;
      }
    }
    return -1;
  }

  private static List<Path> folders(Optional<String> libraryPath, Path origin) {
    return libraryPath.stream()
        .flatMap(path -> Stream.of(path.split(":")))
        .map(entry -> entry.replace("${ORIGIN}", "$ORIGIN").replace("$ORIGIN", origin.toString()))
        .filter(entry -> entry.indexOf('$') < 0)
        .flatMap(entry -> absolute(entry).stream())
        .distinct()
        .toList();
  }

  private static Optional<Path> absolute(String text) {
    return OtpSearch.path(text).filter(Path::isAbsolute).map(Path::normalize);
  }

  private static Optional<String> string(FileChannel channel, long offset) throws IOException {
    ByteBuffer bytes = bytes(channel, offset, MAX_STRING_BYTES);
    for (int end = 0; end < bytes.limit(); end++) {
      if (bytes.get(end) == 0) {
        byte[] text = new byte[end];
        bytes.get(0, text);
        return Optional.of(new String(text, StandardCharsets.UTF_8));
      }
    }
    return Optional.empty();
  }

  /** Up to {@code length} bytes; fewer at the file's end, and none outside of it. */
  private static ByteBuffer bytes(FileChannel channel, long offset, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (offset >= 0 && bytes.hasRemaining()) {
      long from = offset + bytes.position();
      if (from < 0 || channel.read(bytes, from) < 0) {
        break;
      }
    }
    return bytes.flip();
  }

  /** A program header: sizes and offsets in bytes of the file. */
  private record Segment(int type, long offset, long address, long bytes) {}
}
