package dev.raccoon.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.sandbox.TestSandbox.Ran;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a command can and cannot reach. */
@Timeout(60)
class SandboxWallsTest {
  @TempDir Path folder;
  private TestSandbox sandbox;

  @BeforeEach
  void open() throws Exception {
    sandbox = TestSandbox.in(folder);
  }

  @AfterEach
  void close() {
    if (sandbox != null) {
      sandbox.close();
    }
  }

  @Test
  void theEnvironmentIsWhatWasGivenWithHomeAndPwd() throws Exception {
    SandboxCommand command =
        new SandboxCommand(
            List.of("env"),
            List.of(),
            Map.of("PATH", "/usr/bin", "LANG", "C.UTF-8", "ODD", "a b\n$HOME"),
            Optional.empty());

    assertThat(sandbox.run(command).lines())
        .containsExactlyInAnyOrder(
            "PATH=/usr/bin", "LANG=C.UTF-8", "ODD=a b", "$HOME", "HOME=/home/b", "PWD=/build/demo");
  }

  @Test
  void userHostFolderAndUmaskAreAlwaysTheSame() throws Exception {
    assertThat(sandbox.shell("id -u; id -g; id -un; uname -n; pwd; umask").lines())
        .containsExactly("1000", "1000", "builder", "raccoon", "/build/demo", "0022");
  }

  @Test
  void argumentsAreNeverReadByAShell() throws Exception {
    String[] odd = {"printf", "%s|", "$(id)", "`id`", "; id", "a  b", "", "*", "'\"", "\\n", "-e"};

    assertThat(sandbox.run(TestSandbox.command(odd)).output())
        .isEqualTo("$(id)|`id`|; id|a  b||*|'\"|\\n|-e|");
  }

  @Test
  void thereIsNoNetwork() throws Exception {
    try (ServerSocket open = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String connect = "exec 3<>/dev/tcp/127.0.0.1/" + open.getLocalPort();
      assertThat(new ProcessBuilder("bash", "-c", connect).start().waitFor()).isZero();

      assertThat(sandbox.run(TestSandbox.command("bash", "-c", connect)).result())
          .isEqualTo(new CommandResult.Exited(1));
    }
    assertThat(sandbox.shell("tail -n +3 /proc/net/dev | cut -d : -f 1 | tr -d ' '").lines())
        .containsExactly("lo");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/", "/usr", "/usr/bin", "/usr/local", "/etc", "/build", "/home", "/bin", "/proc"})
  void nothingIsWrittenOutsideTheTree(String outside) throws Exception {
    Ran ran = sandbox.shell("touch in-the-tree && touch " + outside + "/probe");

    assertThat(ran.result()).isEqualTo(new CommandResult.Exited(1));
    assertThat(ran.output()).contains("cannot touch '" + outside);
    assertThat(sandbox.tree().resolve("in-the-tree")).exists();
  }

  @Test
  void theKernelsSettingsAreNotItsOwn() throws Exception {
    assertThat(sandbox.shell("echo x > /proc/sys/kernel/hostname || echo refused").output())
        .contains("refused");
    assertThat(sandbox.shell("echo x > /etc/passwd || echo refused").output()).contains("refused");
  }

  @Test
  void theRestOfTheMachineIsNotThere() throws Exception {
    Files.writeString(folder.resolve("secret"), "secret");

    assertThat(sandbox.shell("ls -A / /home /tmp; ls -d " + folder + "; ls -A /etc").lines())
        .contains("build", "b", "passwd")
        .contains("ls: cannot access '" + folder + "': No such file or directory")
        .doesNotContain("root", "run", "var", "opt", "srv", "sys", "mnt", "shadow", "hostname");
    assertThat(sandbox.shell("ls -A /home /build").lines())
        .containsExactly("/build:", ".cache", "demo", "", "/home:", "b");
  }

  @Test
  void otherProcessesAreNotThere() throws Exception {
    assertThat(sandbox.shell("cat /proc/[0-9]*/comm").lines()).isNotEmpty().isSubsetOf("sh", "cat");
  }

  @Test
  void temporaryFilesAreForOneCommandOnly() throws Exception {
    assertThat(
            sandbox
                .shell("touch /tmp/mine /dev/shm/mine; touch ~/mine; ls ~ /tmp /dev/shm")
                .lines())
        .contains("mine");

    assertThat(sandbox.shell("ls -A ~ /tmp /dev/shm").lines())
        .containsExactly("/dev/shm:", "", "/home/b:", "", "/tmp:");
  }

  @Test
  void nothingOpenOfTheServersIsInherited() throws Exception {
    Files.writeString(folder.resolve("secret"), "secret");
    try (var open = Files.newInputStream(folder.resolve("secret"))) {
      assertThat(open.read()).isEqualTo('s');
      Ran ran = sandbox.shell("exec ls /proc/self/fd");

      // The last is ls's own.
      assertThat(ran.lines()).containsExactly("0", "1", "2", "3");
    }
    assertThat(sandbox.shell("cat; echo nothing to read").lines())
        .containsExactly("nothing to read");
  }

  @Test
  void itHasNoTerminalToTypeInto() throws Exception {
    assertThat(sandbox.shell("cut -d ' ' -f 6,7 /proc/self/stat; : </dev/tty").lines().getFirst())
        .isEqualTo("1 0");
  }

  @Test
  void noNameSpaceNorCapabilityIsToBeHadInside() throws Exception {
    assertThat(sandbox.shell("unshare -U true").result()).isEqualTo(new CommandResult.Exited(1));
    assertThat(sandbox.shell("unshare -m true").result()).isEqualTo(new CommandResult.Exited(1));
    assertThat(sandbox.shell("mount -t tmpfs none /tmp || echo refused").output())
        .endsWith("refused\n");
    assertThat(sandbox.shell("grep -E '^(CapEff|CapBnd|NoNewPrivs)' /proc/self/status").lines())
        .containsExactly(
            "CapEff:\t0000000000000000", "CapBnd:\t0000000000000000", "NoNewPrivs:\t1");
  }

  @Test
  void readableFoldersAreAtTheirPlacesAndReadOnly() throws Exception {
    Path otp = Files.createDirectories(folder.resolve("deep/in/otp 27"));
    Files.writeString(otp.resolve("start"), "it is here");
    Files.writeString(otp.resolveSibling("beside"), "not shown");
    SandboxCommand command =
        new SandboxCommand(
            List.of("sh", "-c", "cat \"$0/start\"; ls \"$0/..\"; touch \"$0/new\"", otp.toString()),
            List.of(otp),
            Map.of("PATH", "/usr/bin"),
            Optional.empty());

    Ran ran = sandbox.run(command);

    assertThat(ran.output()).startsWith("it is hereotp 27\n").contains("Read-only file system");
    assertThat(otp.resolve("new")).doesNotExist();
  }

  @Test
  void aTreeMayHaveAnyName() throws Exception {
    Path tree = folder.resolve("two words, naïve 🦝");
    try (TestSandbox odd = TestSandbox.in(folder, tree)) {
      assertThat(odd.shell("pwd; echo made > here").lines()).containsExactly("/build/demo");
    }
    assertThat(tree.resolve("here")).hasContent("made");
  }
}
