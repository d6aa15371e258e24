package dev.raccoon.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The filter in this machine's kernel, under real programs and real attempts. */
@Timeout(120)
class SeccompFilterInTheKernelTest {
  private static final String EPERM = "1";
  private static final String ENOSYS = "38";
  private static final String EAFNOSUPPORT = "97";

  /** Makes a system call of each argument, numbers with commas between, and prints its errno. */
  private static final String CALLS =
      """
      for (@ARGV) {
        my @call = map { $_ + 0 } split /,/;
        my $result = syscall(shift(@call), @call);
        print $result == -1 ? $! + 0 : "done", "\\n";
      }
      """;

  @TempDir Path folder;
  private FilteredShell shell;

  @BeforeEach
  void filter() throws Exception {
    shell = FilteredShell.in(folder);
  }

  @Test
  void itIsInForceAndItsFileIsClosed() throws Exception {
    assertThat(shell.run("grep Seccomp: /proc/self/status; exec ls /proc/self/fd"))
        .containsExactly("Seccomp:\t2", "0", "1", "2", "3");
  }

  @Test
  void erlangRunsWithItsCompilerOfMachineCode() throws Exception {
    FilteredShell.needs("erl");
    assertThat(
            shell.run(
                "erl -noshell -eval 'io:format(\"~p~n\", [erlang:system_info(emu_flavor)]), halt().'"))
        .hasSize(1)
        .isSubsetOf("jit", "emu");
  }

  @Test
  void rebar3CompilesAnApplication() throws Exception {
    FilteredShell.needs("rebar3");
    write("rebar.config", "{erl_opts, [debug_info]}.");
    write("src/demo.app.src", "{application, demo, [{vsn, \"1\"}, {applications, [kernel]}]}.");
    write("src/demo.erl", "-module(demo).\n-export([one/0]).\none() -> 1.\n");

    assertThat(shell.run("rebar3 version").getFirst()).startsWith("rebar ");
    shell.run("rebar3 compile");

    assertThat(shell.tree().resolve("_build/default/lib/demo/ebin/demo.beam")).isNotEmptyFile();
  }

  @Test
  void gccMakesAProgramWithThreads() throws Exception {
    FilteredShell.needs("gcc");
    write(
        "thread.c",
        """
        #include <pthread.h>
        #include <stdio.h>
        static void *say(void *word) { puts(word); return 0; }
        int main(void) {
          pthread_t thread;
          if (pthread_create(&thread, 0, say, "threaded")) return 1;
          return pthread_join(thread, 0);
        }
        """);

    assertThat(shell.run("gcc -O2 -flto -pthread -o thread thread.c; ./thread"))
        .containsExactly("threaded");
  }

  @Test
  void gitCommits() throws Exception {
    FilteredShell.needs("git");
    assertThat(
            shell.run(
                """
                git init -q .
                git -c user.name=b -c user.email=b@b commit -q --allow-empty -m 'the first'
                git clone -q . copy
                git -C copy log --format=%s
                """))
        .containsExactly("the first");
  }

  @Test
  void socatConnectsUnixSocketsAndPorts() throws Exception {
    FilteredShell.needs("socat");
    assertThat(
            shell.run(
                """
                socat UNIX-LISTEN:/tmp/door EXEC:cat &
                echo by file | socat - UNIX-CONNECT:/tmp/door,retry=1000,interval=0.05
                socat TCP4-LISTEN:4000,bind=127.0.0.1 EXEC:cat &
                echo by port | socat - TCP4:127.0.0.1:4000,retry=1000,interval=0.05
                """))
        .containsExactly("by file", "by port");
  }

  @Test
  void perlForksAndWaits() throws Exception {
    FilteredShell.needs("perl");
    assertThat(
            shell.run(
                List.of(
                    "perl", "-e", "my $p = fork; exit 3 unless $p; waitpid $p, 0; print $? >> 8")))
        .containsExactly("3");
  }

  @Test
  void everyCallOfTheTableIsRefusedAsItSays() throws Exception {
    List<String> numbers = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    for (RefusedCall call : RefusedCall.values()) {
      call.number(processor())
          .ifPresent(number -> {
            numbers.add(number + ",0,0,0,0,0");
            expected.add(call.answer() == SeccompAnswer.NOT_PERMITTED ? EPERM : ENOSYS);
          });
    }

    assertThat(calls(numbers.toArray(String[]::new))).isEqualTo(expected);
  }

  @Test
  void whatWouldWorkWithoutItIsRefused() throws Exception {
    int unshareFilesOnly = 0x400;
    int anyThreadsKeyring = 0;
    int noRandomAddresses = 0x40000;
    int newUser = 0x1000_0011;

    assertThat(
            calls(
                number(RefusedCall.UNSHARE) + "," + unshareFilesOnly,
                number(RefusedCall.KEYCTL) + "," + anyThreadsKeyring + ",-1,1",
                number(RefusedCall.PTRACE) + ",0,0,0,0",
                CheckedCall.PERSONALITY.number(processor()) + "," + noRandomAddresses,
                CheckedCall.CLONE.number(processor()) + "," + newUser + ",0,0,0,0"))
        .containsOnly(EPERM)
        .hasSize(5);
    assertThat(calls(number(RefusedCall.SEMGET) + ",0,1,384", "451,0,0,0,0", "1000"))
        .containsExactly(ENOSYS, ENOSYS, ENOSYS);
  }

  @Test
  void nothingIsTypedIntoATerminal() throws Exception {
    int ioctl = CheckedCall.IOCTL.number(processor());
    long garbage = 0x1234_5678_0000_0000L;
    assertThat(calls(ioctl + ",0," + 0x5412 + ",0", ioctl + ",0," + (garbage | 0x5412) + ",0"))
        .containsExactly(EPERM, EPERM);
    assertThat(calls(ioctl + ",0," + 0x541C + ",0")).containsExactly(EPERM);
  }

  @Test
  void socketsOfUnusualFamiliesAreNotThere() throws Exception {
    int socket = CheckedCall.SOCKET.number(processor());
    assertThat(calls(socket + ",1,1,0", socket + ",2,1,0", socket + ",16,3,0"))
        .containsOnly("done");
    assertThat(calls(socket + ",38,5,0", socket + ",40,1,0", socket + ",17,3,0"))
        .containsOnly(EAFNOSUPPORT);
  }

  @Test
  void callsOfThe32BitModeAreNotThere() throws Exception {
    assumeTrue(processor() == Processor.AMD64, "only amd64 has this door to 32-bit calls");
    FilteredShell.needs("gcc");
    write(
        "mode.c",
        """
        #include <stdio.h>
        int main(void) {
          int getpid = 20;
          __asm__ volatile("int $0x80" : "+a"(getpid) : : "memory");
          printf("%d\\n", getpid);
          return 0;
        }
        """);

    // A kernel that was built without the mode ends whoever tries it, with the signal 11.
    assertThat(shell.run("gcc -o mode mode.c; ./mode || [ $? = 139 ] && echo refused").getFirst())
        .isIn("-38", "Segmentation fault", "refused");
    assertThat(calls(String.valueOf(0x4000_0000 | 39))).containsExactly(ENOSYS);
  }

  private List<String> calls(String... calls) throws Exception {
    FilteredShell.needs("perl");
    List<String> command = new ArrayList<>(List.of("perl", "-e", CALLS));
    command.addAll(List.of(calls));
    return shell.run(command);
  }

  private static int number(RefusedCall call) {
    return call.number(processor()).orElseThrow();
  }

  private static Processor processor() {
    return Processor.named(System.getProperty("os.arch")).orElseThrow();
  }

  private void write(String file, String content) throws Exception {
    Path path = shell.tree().resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, content);
  }
}
