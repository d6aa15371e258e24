package dev.raccoon.sandbox;

import static dev.raccoon.sandbox.SeccompAnswer.ALLOWED;
import static dev.raccoon.sandbox.SeccompAnswer.NOT_PERMITTED;
import static dev.raccoon.sandbox.SeccompAnswer.NO_SUCH_CALL;
import static dev.raccoon.sandbox.SeccompAnswer.NO_SUCH_FAMILY;

import java.util.Optional;

/**
 * The seccomp filter of the sandbox: which system calls a stranger's command may make at all. The
 * name spaces and the missing capabilities stop most of what is refused here already; the filter is
 * for the day on which the kernel has a mistake there, and for memory that no limit counts.
 *
 * <p>It lists what is refused, since compilers of any kind are to work, and refuses what it does
 * not know yet: calls newer than its table. {@link RefusedCall} is the table; what depends on
 * arguments is below.
 */
final class SeccompFilter {
  // Name spaces that clone can make, linux/sched.h: mounts, cgroups, host name, IPC, users,
  // processes, network. CLONE_NEWTIME is among the bits of clone's signal, so clone cannot ask.
  private static final int NEW_NAME_SPACE =
      0x0002_0000
          | 0x0200_0000
          | 0x0400_0000
          | 0x0800_0000
          | 0x1000_0000
          | 0x2000_0000
          | 0x4000_0000;

  // asm-generic/ioctls.h: typing into a terminal, and the console's selection, which types as well.
  private static final int TIOCSTI = 0x5412;
  private static final int TIOCLINUX = 0x541C;

  // linux/personality.h
  private static final int PLAIN_LINUX = 0;
  private static final int QUERY = 0xffff_ffff;

  // linux/socket.h
  private static final int AF_UNIX = 1;
  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;
  private static final int AF_NETLINK = 16;

  private SeccompFilter() {}

  /**
   * The filter for the processor that Java calls {@code osArch}: an array of struct sock_filter, as
   * {@code bwrap --seccomp} reads it. Empty when none is known; {@link #noneFor} says so.
   */
  static Optional<byte[]> forArchitecture(String osArch) {
    return Processor.named(osArch).map(processor -> code(processor).bytes());
  }

  /** A sentence for the operator of a machine that there is no filter for. */
  static String noneFor(String osArch) {
    return "No seccomp filter is known for the processor "
        + osArch
        + ": run builds on a machine with amd64 or aarch64.";
  }

  private static BpfCode code(Processor processor) {
    BpfCode code =
        new BpfCode()
            // The numbers below mean other calls in another mode, as that of 32 bits.
            .loadProcessor()
            .whenNotEqual(processor.auditNumber(), answer(NO_SUCH_CALL))
            .loadCall()
            // Future calls; on amd64 those of x32 too, whose numbers have bit 30 set.
            .whenAbove(processor.lastCall(), answer(NO_SUCH_CALL))
            .whenAbove(
                processor.lastOwnCall(),
                new BpfCode().whenBelow(processor.firstCommonCall(), answer(NO_SUCH_CALL)));
    for (CheckedCall call : CheckedCall.values()) {
      code.whenEqual(call.number(processor), answerByArguments(call));
    }
    for (RefusedCall call : RefusedCall.values()) {
      call.number(processor).ifPresent(number -> code.whenEqual(number, answer(call.answer())));
    }
    return code.answer(ALLOWED);
  }

  private static BpfCode answerByArguments(CheckedCall call) {
    return switch (call) {
      case CLONE ->
          new BpfCode()
              .loadArgument(0)
              .whenAnyBit(NEW_NAME_SPACE, answer(NOT_PERMITTED))
              .answer(ALLOWED);
      case IOCTL ->
          new BpfCode()
              .loadArgument(1)
              .whenEqual(TIOCSTI, answer(NOT_PERMITTED))
              .whenEqual(TIOCLINUX, answer(NOT_PERMITTED))
              .answer(ALLOWED);
      // Others weaken the layout of memory, or show another kernel than there is.
      case PERSONALITY ->
          new BpfCode()
              .loadArgument(0)
              .whenEqual(PLAIN_LINUX, answer(ALLOWED))
              .whenEqual(QUERY, answer(ALLOWED))
              .answer(NOT_PERMITTED);
      // Others reach past the network name space (the host of a virtual machine), or load rarely
      // tried code of the kernel.
      case SOCKET ->
          new BpfCode()
              .loadArgument(0)
              .whenEqual(AF_UNIX, answer(ALLOWED))
              .whenEqual(AF_INET, answer(ALLOWED))
              .whenEqual(AF_INET6, answer(ALLOWED))
              .whenEqual(AF_NETLINK, answer(ALLOWED))
              .answer(NO_SUCH_FAMILY);
      case SOCKETPAIR ->
          new BpfCode().loadArgument(0).whenEqual(AF_UNIX, answer(ALLOWED)).answer(NO_SUCH_FAMILY);
    };
  }

  private static BpfCode answer(SeccompAnswer answer) {
    return new BpfCode().answer(answer);
  }
}
