package dev.raccoon.fuzz;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * Makes a long input of a short one, by repeating a part of it: what a parser takes too long for
 * looks like that, and a fuzzer does not find it by adding byte after byte.
 */
final class Pump {
  static final int BYTES = 64 * 1024;

  private Pump() {}

  /** Up to {@link #BYTES} of {@code input}, whose bytes also decide which part is repeated. */
  static byte[] pumped(byte[] input) {
    int hash = Arrays.hashCode(input) >>> 7;
    int from = hash % input.length;
    int to = from + 1 + hash / input.length % (input.length - from);
    ByteArrayOutputStream out = new ByteArrayOutputStream(BYTES);
    out.write(input, 0, from);
    while (out.size() + input.length - from <= BYTES) {
      out.write(input, from, to - from);
    }
    out.write(input, to, input.length - to);
    return out.toByteArray();
  }

  /** Whether this one is worth the time that its long form takes; so are one in 64. */
  static boolean isChosen(byte[] input) {
    return input.length > 0 && input.length <= 1024 && Arrays.hashCode(input) % 64 == 0;
  }
}
