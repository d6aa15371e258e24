package dev.raccoon.toolchain;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Small ELF files as elf(5) has them: one loaded segment, an interpreter, a dynamic section. */
final class ElfFixture {
  static final long DT_RPATH = 15;
  static final long DT_RUNPATH = 29;

  private static final int SIZE = 4096;
  private static final int INTERPRETER_AT = 512;
  private static final int STRINGS_AT = 1024;
  private static final int DYNAMIC_AT = 3072;
  private static final long ADDRESS = 0x400000;

  private final ByteBuffer file = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
  private int nextString = STRINGS_AT + 1;
  private int nextEntry = DYNAMIC_AT;

  ElfFixture(String interpreter) {
    file.put(0, new byte[] {0x7F, 'E', 'L', 'F', 2, 1, 1});
    file.putLong(32, 64).putShort(54, (short) 56).putShort(56, (short) 3);
    segment(0, 1, 0, SIZE);
    segment(1, 3, INTERPRETER_AT, interpreter.length() + 1);
    segment(2, 2, DYNAMIC_AT, SIZE - DYNAMIC_AT);
    file.put(INTERPRETER_AT, interpreter.getBytes(StandardCharsets.US_ASCII));
    entry(5, ADDRESS + STRINGS_AT);
  }

  /** Adds a dynamic entry that names {@code text}. */
  ElfFixture with(long tag, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    file.put(nextString, bytes);
    entry(tag, nextString - STRINGS_AT);
    nextString += bytes.length + 1;
    return this;
  }

  byte[] bytes() {
    byte[] bytes = new byte[SIZE];
    file.get(0, bytes);
    return bytes;
  }

  private void entry(long tag, long value) {
    file.putLong(nextEntry, tag).putLong(nextEntry + 8, value);
    nextEntry += 16;
  }

  private void segment(int index, int type, int offset, int length) {
    int at = 64 + index * 56;
    file.putInt(at, type).putLong(at + 8, offset).putLong(at + 16, ADDRESS + offset);
    file.putLong(at + 32, length);
  }
}
