package dev.raccoon.sandbox;

import static dev.raccoon.sandbox.SeccompAnswer.NOT_PERMITTED;
import static dev.raccoon.sandbox.SeccompAnswer.NO_SUCH_CALL;

import java.util.OptionalInt;

/**
 * System calls that are refused whatever their arguments, with their answer and their numbers on
 * amd64 and aarch64. The numbers are those of the kernel's own tables: asm/unistd_64.h (amd64) and
 * asm-generic/unistd.h (aarch64) of Linux 6.1; they never change; -1 where a processor has no such
 * call.
 */
enum RefusedCall {
  // Another view of the files than the one that was made for the command.
  MOUNT(NOT_PERMITTED, 165, 40),
  UMOUNT2(NOT_PERMITTED, 166, 39),
  PIVOT_ROOT(NOT_PERMITTED, 155, 41),
  CHROOT(NOT_PERMITTED, 161, 51),
  OPEN_TREE(NOT_PERMITTED, 428, 428),
  MOVE_MOUNT(NOT_PERMITTED, 429, 429),
  FSOPEN(NOT_PERMITTED, 430, 430),
  FSCONFIG(NOT_PERMITTED, 431, 431),
  FSMOUNT(NOT_PERMITTED, 432, 432),
  FSPICK(NOT_PERMITTED, 433, 433),
  MOUNT_SETATTR(NOT_PERMITTED, 442, 442),
  // Files by their handle, past every folder's rights and past the view.
  OPEN_BY_HANDLE_AT(NOT_PERMITTED, 304, 265),
  NAME_TO_HANDLE_AT(NOT_PERMITTED, 303, 264),
  // Name spaces in the name space, where a process has rights again: most holes of recent kernels
  // were reached so.
  UNSHARE(NOT_PERMITTED, 272, 97),
  SETNS(NOT_PERMITTED, 308, 268),
  // Looking into other processes and changing them.
  PTRACE(NOT_PERMITTED, 101, 117),
  PROCESS_VM_READV(NOT_PERMITTED, 310, 270),
  PROCESS_VM_WRITEV(NOT_PERMITTED, 311, 271),
  KCMP(NOT_PERMITTED, 312, 272),
  PIDFD_GETFD(NOT_PERMITTED, 438, 438),
  // Large doors into the kernel that no compiler needs, each with a history of holes.
  BPF(NOT_PERMITTED, 321, 280),
  PERF_EVENT_OPEN(NOT_PERMITTED, 298, 241),
  USERFAULTFD(NOT_PERMITTED, 323, 282),
  IO_URING_SETUP(NOT_PERMITTED, 425, 425),
  IO_URING_ENTER(NOT_PERMITTED, 426, 426),
  IO_URING_REGISTER(NOT_PERMITTED, 427, 427),
  // Keys: the kernel keeps them by user, not by name space.
  ADD_KEY(NOT_PERMITTED, 248, 217),
  REQUEST_KEY(NOT_PERMITTED, 249, 218),
  KEYCTL(NOT_PERMITTED, 250, 219),
  // The kernel itself, and the machine as a whole.
  KEXEC_LOAD(NOT_PERMITTED, 246, 104),
  KEXEC_FILE_LOAD(NOT_PERMITTED, 320, 294),
  CREATE_MODULE(NOT_PERMITTED, 174, -1),
  INIT_MODULE(NOT_PERMITTED, 175, 105),
  FINIT_MODULE(NOT_PERMITTED, 313, 273),
  DELETE_MODULE(NOT_PERMITTED, 176, 106),
  QUERY_MODULE(NOT_PERMITTED, 178, -1),
  GET_KERNEL_SYMS(NOT_PERMITTED, 177, -1),
  REBOOT(NOT_PERMITTED, 169, 142),
  SWAPON(NOT_PERMITTED, 167, 224),
  SWAPOFF(NOT_PERMITTED, 168, 225),
  SYSLOG(NOT_PERMITTED, 103, 116),
  ACCT(NOT_PERMITTED, 163, 89),
  QUOTACTL(NOT_PERMITTED, 179, 60),
  QUOTACTL_FD(NOT_PERMITTED, 443, 443),
  NFSSERVCTL(NOT_PERMITTED, 180, 42),
  LOOKUP_DCOOKIE(NOT_PERMITTED, 212, 18),
  SETHOSTNAME(NOT_PERMITTED, 170, 161),
  SETDOMAINNAME(NOT_PERMITTED, 171, 162),
  VHANGUP(NOT_PERMITTED, 153, 58),
  FANOTIFY_INIT(NOT_PERMITTED, 300, 262),
  // The machine's clock is everybody's.
  SETTIMEOFDAY(NOT_PERMITTED, 164, 170),
  CLOCK_SETTIME(NOT_PERMITTED, 227, 112),
  CLOCK_ADJTIME(NOT_PERMITTED, 305, 266),
  ADJTIMEX(NOT_PERMITTED, 159, 171),
  // The processor's ports and segments, and a way to load libraries of 1995.
  IOPL(NOT_PERMITTED, 172, -1),
  IOPERM(NOT_PERMITTED, 173, -1),
  MODIFY_LDT(NOT_PERMITTED, 154, -1),
  USELIB(NOT_PERMITTED, 134, -1),
  // On which bank memory lies: rarely tried code, and of use to timing attacks alone.
  MOVE_PAGES(NOT_PERMITTED, 279, 239),
  MIGRATE_PAGES(NOT_PERMITTED, 256, 238),
  MBIND(NOT_PERMITTED, 237, 235),
  SET_MEMPOLICY(NOT_PERMITTED, 238, 237),
  GET_MEMPOLICY(NOT_PERMITTED, 239, 236),
  SET_MEMPOLICY_HOME_NODE(NOT_PERMITTED, 450, 450),
  // Its flags are in memory, where no filter can look; libraries then use clone.
  CLONE3(NO_SUCH_CALL, 435, 435),
  // Memory that belongs to no process's size and to no file system: no limit sees it where there is
  // no cgroup.
  MEMFD_CREATE(NO_SUCH_CALL, 319, 279),
  MEMFD_SECRET(NO_SUCH_CALL, 447, 447),
  SHMGET(NO_SUCH_CALL, 29, 194),
  MSGGET(NO_SUCH_CALL, 68, 186),
  SEMGET(NO_SUCH_CALL, 64, 190),
  MQ_OPEN(NO_SUCH_CALL, 240, 180);

  private static final int NONE = -1;

  private final SeccompAnswer answer;
  private final int amd64;
  private final int aarch64;

  RefusedCall(SeccompAnswer answer, int amd64, int aarch64) {
    this.answer = answer;
    this.amd64 = amd64;
    this.aarch64 = aarch64;
  }

  SeccompAnswer answer() {
    return answer;
  }

  /** Its number on {@code processor}; empty where that one does not have it. */
  OptionalInt number(Processor processor) {
    int number =
        switch (processor) {
          case AMD64 -> amd64;
          case AARCH64 -> aarch64;
        };
    return number == NONE ? OptionalInt.empty() : OptionalInt.of(number);
  }
}
