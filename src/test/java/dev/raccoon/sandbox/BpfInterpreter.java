package dev.raccoon.sandbox;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/**
 * Runs a program of classic BPF on one system call, as the kernel does (net/core/filter.c and
 * kernel/seccomp.c), as far as seccomp's programs go; anything else is an error.
 */
final class BpfInterpreter {
  private static final int INSTRUCTION_BYTES = 8;

  private final byte[] program;

  BpfInterpreter(byte[] program) {
    this.program = program;
  }

  /** A call as struct seccomp_data has it; {@code arguments} are at most six. */
  record Call(int processor, int number, List<Long> arguments) {
    static Call of(int processor, int number, long... arguments) {
      return new Call(processor, number, Arrays.stream(arguments).boxed().toList());
    }

    ByteBuffer data() {
      ByteBuffer data = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
      data.putInt(number).putInt(processor).putLong(0x7f00_dead_beefL);
      for (long argument : arguments) {
        data.putLong(argument);
      }
      return data.clear();
    }
  }

  /** The answer to {@code call}, as seccomp's return value. */
  int answer(Call call) {
    ByteBuffer code = ByteBuffer.wrap(program).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer data = call.data();
    int register = 0;
    int at = 0;
    while (true) {
      int start = at * INSTRUCTION_BYTES;
      int value = code.getInt(start + 4);
      int ifTrue = Byte.toUnsignedInt(code.get(start + 2));
      int ifFalse = Byte.toUnsignedInt(code.get(start + 3));
      at++;
      switch (code.getShort(start)) {
        case 0x06 -> {
          return value;
        }
        case 0x20 -> register = data.getInt(value);
        case 0x15 -> at += register == value ? ifTrue : ifFalse;
        case 0x25 -> at += Integer.compareUnsigned(register, value) > 0 ? ifTrue : ifFalse;
        case 0x35 -> at += Integer.compareUnsigned(register, value) >= 0 ? ifTrue : ifFalse;
        case 0x45 -> at += (register & value) != 0 ? ifTrue : ifFalse;
        default -> throw new IllegalStateException("no such instruction in seccomp's programs");
      }
    }
  }
}
