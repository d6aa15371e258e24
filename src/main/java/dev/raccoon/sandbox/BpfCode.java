package dev.raccoon.sandbox;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a program of the kernel's classic BPF, as seccomp takes it: one register, comparisons that
 * jump forwards only, answers that end it. What follows a condition is a piece of code of its own
 * that is jumped over where the condition does not hold, so nobody counts instructions.
 *
 * <p>Instructions and their codes: linux/filter.h and linux/bpf_common.h; what they may load:
 * struct seccomp_data of linux/seccomp.h.
 */
final class BpfCode {
  /** A jump's distance is one byte. */
  static final int MAX_JUMP = 255;

  private static final int LOAD_WORD = 0x20;
  private static final int JUMP_IF_EQUAL = 0x15;
  private static final int JUMP_IF_ABOVE = 0x25;
  private static final int JUMP_IF_AT_LEAST = 0x35;
  private static final int JUMP_IF_ANY_BIT = 0x45;
  private static final int RETURN = 0x06;

  private static final int CALL_OFFSET = 0;
  private static final int PROCESSOR_OFFSET = 4;
  private static final int ARGUMENTS_OFFSET = 16;

  private record Instruction(int code, int jumpIfTrue, int jumpIfFalse, int value) {}

  private final List<Instruction> instructions = new ArrayList<>();

  /** Loads the number of the system call. */
  BpfCode loadCall() {
    return load(CALL_OFFSET);
  }

  /** Loads the kernel's number of the processor, in whose mode the call is made. */
  BpfCode loadProcessor() {
    return load(PROCESSOR_OFFSET);
  }

  /**
   * Loads the lower 32 bits of the argument with this index, from 0: all that the kernel looks at
   * where it declares an int. They come first, both processors being little-endian.
   */
  BpfCode loadArgument(int index) {
    return load(ARGUMENTS_OFFSET + Long.BYTES * index);
  }

  /** Ends the program. */
  BpfCode answer(SeccompAnswer answer) {
    return add(RETURN, 0, 0, answer.value());
  }

  BpfCode whenEqual(int value, BpfCode then) {
    return add(JUMP_IF_EQUAL, 0, then.distance(), value).append(then);
  }

  BpfCode whenNotEqual(int value, BpfCode then) {
    return add(JUMP_IF_EQUAL, then.distance(), 0, value).append(then);
  }

  /** Compares without signs, so that a number with its highest bit set is above. */
  BpfCode whenAbove(int value, BpfCode then) {
    return add(JUMP_IF_ABOVE, 0, then.distance(), value).append(then);
  }

  BpfCode whenBelow(int value, BpfCode then) {
    return add(JUMP_IF_AT_LEAST, then.distance(), 0, value).append(then);
  }

  BpfCode whenAnyBit(int mask, BpfCode then) {
    return add(JUMP_IF_ANY_BIT, 0, then.distance(), mask).append(then);
  }

  /** The program as an array of struct sock_filter, in the byte order of both processors. */
  byte[] bytes() {
    ByteBuffer bytes =
        ByteBuffer.allocate(Long.BYTES * instructions.size()).order(ByteOrder.LITTLE_ENDIAN);
    for (Instruction instruction : instructions) {
      bytes
          .putShort((short) instruction.code())
          .put((byte) instruction.jumpIfTrue())
          .put((byte) instruction.jumpIfFalse())
          .putInt(instruction.value());
    }
    return bytes.array();
  }

  private BpfCode load(int offset) {
    return add(LOAD_WORD, 0, 0, offset);
  }

  private BpfCode append(BpfCode then) {
    instructions.addAll(then.instructions);
    return this;
  }

  private BpfCode add(int code, int jumpIfTrue, int jumpIfFalse, int value) {
    instructions.add(new Instruction(code, jumpIfTrue, jumpIfFalse, value));
    return this;
  }

  private int distance() {
    if (instructions.size() > MAX_JUMP) {
      throw new IllegalStateException(
          instructions.size() + " instructions are too many to jump over");
    }
    return instructions.size();
  }
}
