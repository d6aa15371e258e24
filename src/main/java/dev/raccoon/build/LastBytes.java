package dev.raccoon.build;

import java.util.Arrays;

/** The last bytes of what was written, up to a capacity. */
final class LastBytes {
  private final int capacity;
  private byte[] ring = new byte[0];
  private long written;

  LastBytes(int capacity) {
    this.capacity = capacity;
  }

  void write(byte[] bytes, int offset, int length) {
    if (length > 0 && ring.length == 0) {
      ring = new byte[capacity];
    }
    for (int i = Math.max(0, length - capacity); i < length; ) {
      int at = (int) ((written + i) % capacity);
      int count = Math.min(length - i, capacity - at);
      System.arraycopy(bytes, offset + i, ring, at, count);
      i += count;
    }
    written += length;
  }

  byte[] inOrder() {
    if (written <= ring.length) {
      return Arrays.copyOf(ring, (int) written);
    }
    int start = ring.length == 0 ? 0 : (int) (written % ring.length);
    byte[] inOrder = new byte[ring.length];
    System.arraycopy(ring, start, inOrder, 0, ring.length - start);
    System.arraycopy(ring, 0, inOrder, ring.length - start, start);
    return inOrder;
  }
}
