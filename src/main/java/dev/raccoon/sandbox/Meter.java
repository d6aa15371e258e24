package dev.raccoon.sandbox;

import java.io.IOException;

/** Tells what a running build uses. */
interface Meter {
  /**
   * What it uses now; nothing at all when none of its processes is left.
   *
   * @throws IOException when the kernel's own files cannot be read: a fault of the machine
   */
  Usage sample() throws IOException;
}
