package dev.raccoon.sandbox;

/** What a seccomp filter says of a system call (linux/seccomp.h, asm-generic/errno.h). */
enum SeccompAnswer {
  ALLOWED(0x7fff_0000),
  /** It fails with EPERM: what a program without rights expects to hear. */
  NOT_PERMITTED(0x0005_0000 | 1),
  /** It fails with ENOSYS, as on an older kernel, so that libraries go another way. */
  NO_SUCH_CALL(0x0005_0000 | 38),
  /** It fails with EAFNOSUPPORT: a socket of a family that this machine does not have. */
  NO_SUCH_FAMILY(0x0005_0000 | 97);

  private final int value;

  SeccompAnswer(int value) {
    this.value = value;
  }

  int value() {
    return value;
  }
}
