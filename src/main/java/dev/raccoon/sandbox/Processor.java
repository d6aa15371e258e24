package dev.raccoon.sandbox;

import java.util.Arrays;
import java.util.Optional;

/**
 * A processor whose system calls are known, up to those of Linux 6.1: linux/audit.h, and the
 * numbers of asm/unistd_64.h (amd64) and asm-generic/unistd.h (aarch64).
 */
enum Processor {
  AMD64("amd64", 0xC000_003E, 334),
  AARCH64("aarch64", 0xC000_00B7, 294);

  private static final int FIRST_COMMON_CALL = 424;
  private static final int LAST_CALL = 450;

  private final String javaName;
  private final int auditNumber;
  private final int lastOwnCall;

  Processor(String javaName, int auditNumber, int lastOwnCall) {
    this.javaName = javaName;
    this.auditNumber = auditNumber;
    this.lastOwnCall = lastOwnCall;
  }

  /** The one that Java's property {@code os.arch} names so. */
  static Optional<Processor> named(String osArch) {
    return Arrays.stream(values()).filter(each -> each.javaName.equals(osArch)).findAny();
  }

  /** What the kernel calls it when it asks a filter. */
  int auditNumber() {
    return auditNumber;
  }

  /** The last of the numbers that are this processor's own. */
  int lastOwnCall() {
    return lastOwnCall;
  }

  /** From here on, a call has the same number on every processor; below, down to the own, none. */
  int firstCommonCall() {
    return FIRST_COMMON_CALL;
  }

  int lastCall() {
    return LAST_CALL;
  }
}
