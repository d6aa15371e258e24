package dev.raccoon.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.sandbox.BpfInterpreter.Call;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the filter says, call by call, on either processor; numbers are decimal or hexadecimal. */
class SeccompFilterTest {
  private static final int ALLOWED = 0x7fff_0000;
  private static final int EPERM = 0x0005_0001;
  private static final int ENOSYS = 0x0005_0026;
  private static final int EAFNOSUPPORT = 0x0005_0061;
  private static final int I386 = 0x4000_0003;
  private static final int ARM = 0x4000_0028;

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # call,        amd64, aarch64
          read,              0,  63
          mmap,              9, 222
          execve,           59, 221
          wait4,            61, 260
          chmod-at,        268,  53
          ioctl-neighbour,  17,  30
          prctl,           157, 167
          seccomp,         317, 277
          rseq,            334, 293
          pidfd_open,      434, 434
          close_range,     436, 436
          landlock,        444, 444
          futex_waitv,     449, 449
          """)
  void whatCompilersNeedIsAllowed(String name, int amd64, int aarch64) {
    assertThat(onAmd64(amd64)).as(name).isEqualTo(ALLOWED);
    assertThat(onAarch64(aarch64)).as(name).isEqualTo(ALLOWED);
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          mount,             165,  40
          umount2,           166,  39
          pivot_root,        155,  41
          chroot,            161,  51
          mount_setattr,     442, 442
          open_by_handle_at, 304, 265
          unshare,           272,  97
          setns,             308, 268
          ptrace,            101, 117
          process_vm_readv,  310, 270
          bpf,               321, 280
          perf_event_open,   298, 241
          userfaultfd,       323, 282
          io_uring_setup,    425, 425
          keyctl,            250, 219
          kexec_file_load,   320, 294
          init_module,       175, 105
          reboot,            169, 142
          clock_settime,     227, 112
          mbind,             237, 235
          set_mempolicy_home_node, 450, 450
          """)
  void whatReachesPastTheSandboxIsNotPermitted(String name, int amd64, int aarch64) {
    assertThat(onAmd64(amd64)).as(name).isEqualTo(EPERM);
    assertThat(onAarch64(aarch64)).as(name).isEqualTo(EPERM);
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          clone3,       435, 435
          memfd_create, 319, 279
          memfd_secret, 447, 447
          shmget,        29, 194
          msgget,        68, 186
          semget,        64, 190
          mq_open,      240, 180
          """)
  void whatLibrariesCanDoWithoutIsNotThere(String name, int amd64, int aarch64) {
    assertThat(onAmd64(amd64)).as(name).isEqualTo(ENOSYS);
    assertThat(onAarch64(aarch64)).as(name).isEqualTo(ENOSYS);
  }

  @ParameterizedTest
  @EnumSource
  void everyCallOfTheTableHasItsAnswer(RefusedCall call) {
    for (Processor processor : Processor.values()) {
      call.number(processor)
          .ifPresent(number ->
              assertThat(answer(processor, number))
                  .as(processor.name())
                  .isEqualTo(call.answer().value()));
    }
  }

  @ParameterizedTest
  @CsvSource({"335", "336", "423", "451", "452", "600", "100000", "0x7fffffff", "0x80000000", "-1"})
  void callsThatAreNotKnownYetAreNotThere(String number) {
    assertThat(onAmd64(Long.decode(number).intValue())).isEqualTo(ENOSYS);
    assertThat(onAarch64(Long.decode(number).intValue())).isEqualTo(ENOSYS);
  }

  @Test
  void numbersThatOnlyTheOtherProcessorHasAreNotThere() {
    assertThat(onAarch64(295)).isEqualTo(ENOSYS);
    assertThat(onAmd64(295)).isEqualTo(ALLOWED);
  }

  @Test
  void callsOfX32AreNotThere() {
    int x32 = 0x4000_0000;
    assertThat(onAmd64(x32)).isEqualTo(ENOSYS);
    assertThat(onAmd64(x32 | 165)).isEqualTo(ENOSYS);
    assertThat(onAmd64(x32 | 521)).isEqualTo(ENOSYS);
  }

  @ParameterizedTest
  @CsvSource({"0", "3", "4", "21", "26", "120", "450"})
  void callsOfAnotherProcessorOrModeAreNotThere(int number) {
    for (int mode : new int[] {I386, ARM, 0}) {
      assertThat(filter(Processor.AMD64).answer(Call.of(mode, number))).isEqualTo(ENOSYS);
      assertThat(filter(Processor.AARCH64).answer(Call.of(mode, number))).isEqualTo(ENOSYS);
    }
    assertThat(filter(Processor.AMD64).answer(Call.of(0xC000_00B7, number))).isEqualTo(ENOSYS);
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # what,               flags,              permitted
          fork,                 0x11,               true
          vfork,                0x4111,             true
          glibc's fork,         0x1200011,          true
          a thread,             0x3d0f00,           true
          a thread and more,    0x7d0f00,           true
          mounts,               0x00020011,         false
          cgroups,              0x02000011,         false
          host name,            0x04000011,         false
          IPC,                  0x08000011,         false
          users,                0x10000011,         false
          processes,            0x20000011,         false
          network,              0x40000011,         false
          all at once,          0x7e020011,         false
          users with garbage,   0x1234567810000011, false
          fork with garbage,    0x7fffffff00000011, true
          """)
  void cloneMakesProcessesAndThreadsButNoNameSpaces(String what, long flags, boolean permitted) {
    int expected = permitted ? ALLOWED : EPERM;
    assertThat(onAmd64(56, flags)).as(what).isEqualTo(expected);
    assertThat(onAarch64(220, flags)).as(what).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          TCGETS,                0x5401,             true
          TIOCGWINSZ,            0x5413,             true
          FIONREAD,              0x541B,             true
          TIOCSTI,               0x5412,             false
          TIOCLINUX,             0x541C,             false
          TIOCSTI with garbage,  0x1234567800005412, false
          TIOCSTI with one bit,  0x0000000100005412, false
          TIOCLINUX, 0x7fffffff0000541C,             false
          garbage above TCGETS,  0x0000541200005401, true
          """)
  void nothingIsTypedIntoATerminal(String what, long request, boolean permitted) {
    int expected = permitted ? ALLOWED : EPERM;
    assertThat(onAmd64(16, 0x5412, request, 0x5412)).as(what).isEqualTo(expected);
    assertThat(onAarch64(29, 0x5412, request, 0x5412)).as(what).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          none,          0, false, false
          unix,          1, true,  true
          inet,          2, true,  false
          x25,           9, false, false
          inet6,        10, true,  false
          netlink,      16, true,  false
          packet,       17, false, false
          rds,          21, false, false
          bluetooth,    31, false, false
          alg,          38, false, false
          vsock,        40, false, false
          xdp,          44, false, false
          """)
  void socketsAreOfTheUsualFamilies(String name, long family, boolean socket, boolean pair) {
    long garbage = family | 0xabcd_0000_0000L;
    for (long argument : new long[] {family, garbage}) {
      assertThat(onAmd64(41, argument, 1, 0)).as(name).isEqualTo(socket ? ALLOWED : EAFNOSUPPORT);
      assertThat(onAarch64(198, argument, 1, 0))
          .as(name)
          .isEqualTo(socket ? ALLOWED : EAFNOSUPPORT);
      assertThat(onAmd64(53, argument, 1, 0)).as(name).isEqualTo(pair ? ALLOWED : EAFNOSUPPORT);
      assertThat(onAarch64(199, argument, 1, 0)).as(name).isEqualTo(pair ? ALLOWED : EAFNOSUPPORT);
    }
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          plain Linux,              0,                  true
          a question,               0xffffffff,         true
          a sign-extended question, -1,                true
          no random addresses,      0x0040000,          false
          reading is executing,     0x0400000,          false
          32 bits,                  8,                  false
          """)
  void thePersonalityStaysAsItIs(String what, long persona, boolean permitted) {
    int expected = permitted ? ALLOWED : EPERM;
    assertThat(onAmd64(135, persona)).as(what).isEqualTo(expected);
    assertThat(onAarch64(92, persona)).as(what).isEqualTo(expected);
  }

  @Test
  void aProcessorWithoutATableHasNoFilter() {
    assertThat(SeccompFilter.forArchitecture("riscv64")).isEmpty();
    assertThat(SeccompFilter.noneFor("riscv64"))
        .isEqualTo(
            "No seccomp filter is known for the processor riscv64: "
                + "run builds on a machine with amd64 or aarch64.");
  }

  private static int onAmd64(int number, long... arguments) {
    return answer(Processor.AMD64, number, arguments);
  }

  private static int onAarch64(int number, long... arguments) {
    return answer(Processor.AARCH64, number, arguments);
  }

  private static int answer(Processor processor, int number, long... arguments) {
    return filter(processor).answer(Call.of(processor.auditNumber(), number, arguments));
  }

  private static BpfInterpreter filter(Processor processor) {
    String name = processor == Processor.AMD64 ? "amd64" : "aarch64";
    return new BpfInterpreter(SeccompFilter.forArchitecture(name).orElseThrow());
  }
}
