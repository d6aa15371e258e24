package dev.raccoon.sandbox;

/**
 * System calls that are allowed or refused by their arguments; numbers from asm/unistd_64.h (amd64)
 * and asm-generic/unistd.h (aarch64).
 */
enum CheckedCall {
  CLONE(56, 220),
  IOCTL(16, 29),
  PERSONALITY(135, 92),
  SOCKET(41, 198),
  SOCKETPAIR(53, 199);

  private final int amd64;
  private final int aarch64;

  CheckedCall(int amd64, int aarch64) {
    this.amd64 = amd64;
    this.aarch64 = aarch64;
  }

  int number(Processor processor) {
    return switch (processor) {
      case AMD64 -> amd64;
      case AARCH64 -> aarch64;
    };
  }
}
