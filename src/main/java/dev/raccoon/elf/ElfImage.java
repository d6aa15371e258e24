package dev.raccoon.elf;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A file in ELF, read piece by piece as it is asked. It may be damaged or made to mislead: what is
 * not to be had is left out, and a few megabytes at most are read. Of other files than those of 64
 * bits and little-endian, only what the header says of type and processor is read.
 */
public final class ElfImage {
  private static final int HEADER_BYTES = 64;
  private static final int SHORT_HEADER_BYTES = 20;
  private static final int SEGMENT_BYTES = 56;
  private static final int MAX_SEGMENTS = 128;
  private static final int MAX_DYNAMIC_BYTES = 64 * 1024;
  private static final int MAX_STRING_BYTES = 4096;
  private static final int MAX_STRINGS_BYTES = 8 << 20;
  private static final int MAX_VERSIONS = 1000;

  private static final int PT_LOAD = 1;
  private static final int PT_DYNAMIC = 2;
  private static final int PT_INTERP = 3;
  private static final long DT_NULL = 0;
  private static final long DT_NEEDED = 1;
  private static final long DT_STRTAB = 5;
  private static final long DT_STRSZ = 10;
  private static final long DT_RPATH = 15;
  private static final long DT_RUNPATH = 29;
  private static final long DT_VERNEED = 0x6ffffffe;

  private final FileChannel channel;
  private final int type;
  private final int machine;
  private final List<Segment> segments;
  private final List<Entry> dynamic;

  private ElfImage(FileChannel channel, ByteBuffer header) throws IOException {
    boolean known = header.get(4) == 2 && header.get(5) == 1;
    header.order(header.get(5) == 2 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    this.channel = channel;
    this.type = Short.toUnsignedInt(header.getShort(16));
    this.machine = Short.toUnsignedInt(header.getShort(18));
    this.segments = known && header.limit() == HEADER_BYTES ? segments(header) : List.of();
    this.dynamic = dynamic();
  }

  /** The image in {@code channel}, which must stay open; empty for any other file. */
  public static Optional<ElfImage> read(FileChannel channel) throws IOException {
    ByteBuffer header = bytes(channel, 0, HEADER_BYTES);
    return header.remaining() >= SHORT_HEADER_BYTES && header.getInt(0) == 0x464C457F
        ? Optional.of(new ElfImage(channel, header))
        : Optional.empty();
  }

  /** Whether it is a program or a shared library, rather than a part of one (an object file). */
  public boolean isLoadable() {
    return type == 2 || type == 3;
  }

  /** The processor's number (e_machine). */
  public int machine() {
    return machine;
  }

  /** The dynamic loader that it names. */
  public Optional<String> interpreter() throws IOException {
    for (Segment segment : segments) {
      if (segment.type == PT_INTERP) {
        return string(segment.offset);
      }
    }
    return Optional.empty();
  }

  /** Its DT_RUNPATH or, without one, its DT_RPATH, as ld.so(8) takes them. */
  public Optional<String> libraryPath() throws IOException {
    Optional<Long> runpath = values(DT_RUNPATH).reduce((first, last) -> last);
    Optional<Long> path = runpath.or(() -> values(DT_RPATH).reduce((first, last) -> last));
    return path.isPresent() ? dynamicString(path.get()) : Optional.empty();
  }

  /** The names of the libraries that are loaded with it. */
  public List<String> libraries() throws IOException {
    List<String> names = new ArrayList<>();
    for (long offset : values(DT_NEEDED).limit(MAX_VERSIONS).toList()) {
      dynamicString(offset).ifPresent(names::add);
    }
    return names;
  }

  /** The versions of symbols that it needs of those, such as {@code GLIBC_2.34}. */
  public List<String> symbolVersions() throws IOException {
    List<String> names = new ArrayList<>();
    Optional<Long> table = values(DT_VERNEED).findFirst();
    long at = table.isEmpty() ? -1 : fileOffset(table.get());
    for (int files = 0; at >= 0 && files < MAX_VERSIONS && names.size() < MAX_VERSIONS; files++) {
      ByteBuffer file = bytes(channel, at, 16);
      if (file.remaining() < 16) {
        break;
      }
      addVersions(at + Integer.toUnsignedLong(file.getInt(8)), names);
      int next = file.getInt(12);
      at = next == 0 ? -1 : at + Integer.toUnsignedLong(next);
    }
    return names;
  }

  private void addVersions(long first, List<String> names) throws IOException {
    long at = first;
    while (names.size() < MAX_VERSIONS) {
      ByteBuffer version = bytes(channel, at, 16);
      if (version.remaining() < 16) {
        return;
      }
      names.add(dynamicString(Integer.toUnsignedLong(version.getInt(8))).orElse(""));
      int next = version.getInt(12);
      if (next == 0) {
        return;
      }
      at += Integer.toUnsignedLong(next);
    }
  }

  /** Whether {@code symbol} is among the names that it has or needs when it is loaded. */
  public boolean names(String symbol) throws IOException {
    Optional<Long> size = values(DT_STRSZ).findFirst();
    Optional<Long> strings = values(DT_STRTAB).findFirst();
    long table = strings.isEmpty() ? -1 : fileOffset(strings.get());
    if (size.isEmpty() || table < 0) {
      return false;
    }
    ByteBuffer all = bytes(channel, table, Math.clamp(size.get(), 0, MAX_STRINGS_BYTES));
    String text = ISO_8859_1.decode(all).toString();
    return text.contains("\0" + symbol + "\0");
  }

  private List<Segment> segments(ByteBuffer header) throws IOException {
    int count = Short.toUnsignedInt(header.getShort(56));
    if (header.getShort(54) != SEGMENT_BYTES || count > MAX_SEGMENTS) {
      return List.of();
    }
    ByteBuffer table = bytes(channel, header.getLong(32), count * SEGMENT_BYTES);
    List<Segment> found = new ArrayList<>();
    for (int at = 0; at + SEGMENT_BYTES <= table.limit(); at += SEGMENT_BYTES) {
      found.add(
          new Segment(
              table.getInt(at),
              table.getLong(at + 8),
              table.getLong(at + 16),
              table.getLong(at + 32)));
    }
    return found;
  }

  private List<Entry> dynamic() throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (Segment segment : segments) {
      if (segment.type == PT_DYNAMIC) {
        int length = Math.clamp(segment.bytes, 0, MAX_DYNAMIC_BYTES);
        ByteBuffer table = bytes(channel, segment.offset, length);
        while (table.remaining() >= 16) {
          Entry entry = new Entry(table.getLong(), table.getLong());
          if (entry.tag == DT_NULL) {
            break;
          }
          entries.add(entry);
        }
        break;
      }
    }
    return entries;
  }

  private Stream<Long> values(long tag) {
    return dynamic.stream().filter(entry -> entry.tag == tag).map(Entry::value);
  }

  private Optional<String> dynamicString(long offset) throws IOException {
    Optional<Long> strings = values(DT_STRTAB).reduce((first, last) -> last);
    long table = strings.isEmpty() ? -1 : fileOffset(strings.get());
    return offset < 0 || table < 0 ? Optional.empty() : string(table + offset);
  }

  /** Where in the file a loaded address lies, or -1. */
  private long fileOffset(long address) {
    for (Segment segment : segments) {
      long within = address - segment.address;
      if (segment.type == PT_LOAD && within >= 0 && within < segment.bytes) {
        return segment.offset + within;
      }
    }
    return -1;
  }

  private Optional<String> string(long offset) throws IOException {
    ByteBuffer bytes = bytes(channel, offset, MAX_STRING_BYTES);
    for (int end = 0; end < bytes.limit(); end++) {
      if (bytes.get(end) == 0) {
        byte[] text = new byte[end];
        bytes.get(0, text);
        return Optional.of(new String(text, UTF_8));
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

  /** Of the dynamic section. */
  private record Entry(long tag, long value) {}
}
