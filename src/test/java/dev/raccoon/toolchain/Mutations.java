package dev.raccoon.toolchain;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/** Damaged copies of good input: the same ones for the same seed. */
final class Mutations {
  private static final byte[] SIGNS =
      "{}[]()<>\"'\\$#.,|%/:=?_-+~^ \n\t019aeEnxuZ".getBytes(StandardCharsets.US_ASCII);

  private final Random random;

  Mutations(long seed) {
    this.random = new Random(seed);
  }

  /** Some bytes replaced by any others. */
  byte[] bytes(byte[] good) {
    byte[] damaged = good.clone();
    for (int i = random.nextInt(1, 6); i > 0 && damaged.length > 0; i--) {
      damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
    }
    return damaged;
  }

  /** A few ASCII signs put in, taken out or replaced, and sometimes the end cut off. */
  byte[] text(byte[] good) {
    byte[] damaged = good;
    for (int i = random.nextInt(1, 4); i > 0 && damaged.length > 0; i--) {
      damaged = edit(damaged, random.nextInt(damaged.length), random.nextInt(8));
    }
    return damaged;
  }

  private byte[] edit(byte[] text, int at, int kind) {
    return switch (kind) {
      case 0 -> Arrays.copyOf(text, at);
      case 1, 2 -> spliced(text, at, at + 1, new byte[0]);
      case 3, 4 -> spliced(text, at, at, sign());
      default -> spliced(text, at, at + 1, sign());
    };
  }

  private byte[] sign() {
    return new byte[] {SIGNS[random.nextInt(SIGNS.length)]};
  }

  private static byte[] spliced(byte[] text, int from, int to, byte[] middle) {
    byte[] result = new byte[from + middle.length + text.length - to];
    System.arraycopy(text, 0, result, 0, from);
    System.arraycopy(middle, 0, result, from, middle.length);
    System.arraycopy(text, to, result, from + middle.length, text.length - to);
    return result;
  }
}
