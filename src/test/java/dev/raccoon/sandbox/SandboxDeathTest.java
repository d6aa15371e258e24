package dev.raccoon.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SandboxDeathTest {
  @TempDir Path folder;

  @Test
  void aKilledServerTakesItsSandboxesWithIt() throws Exception {
    TestSandbox.in(folder).close();
    String marker = "marker-" + UUID.randomUUID();
    String script = "trap '' TERM HUP; setsid sh -c 'sleep 600; :' " + marker + " & echo up; wait";
    Process server =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                ServerThatIsKilled.class.getName(),
                folder.resolve("other").toString(),
                script)
            .redirectErrorStream(true)
            .start();
    try (BufferedReader out = server.inputReader()) {
      assertThat(out.readLine()).isEqualTo("up");
      assertThat(TestSandbox.someProcessHas(marker)).isTrue();
    } finally {
      server.destroyForcibly().waitFor();
    }

    while (TestSandbox.someProcessHas(marker)) {
      Thread.onSpinWait();
    }
  }

  /**
   * A stand-in for bwrap in its first moment: the child waits for its parent's word, with its
   * parent's command line, and nothing tells it of its parent's death.
   */
  @Test
  void aChildThatWaitsForAKilledBubblewrapIsKilledWithItsCommand() throws Exception {
    TestSandbox.in(folder).close();
    Path never = folder.resolve("never");
    assertThat(new ProcessBuilder("mkfifo", never.toString()).start().waitFor()).isZero();
    Path stray = folder.resolve("bwrap");
    String script =
        """
        #!/bin/sh
        (exec >%1$s/up 2>&1; read word <%2$s) &
        until [ -e %1$s/up ]; do :; done
        kill -KILL $$
        """
            .formatted(folder, never);
    Files.writeString(stray, script);
    Files.setPosixFilePermissions(stray, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path work = Files.createDirectory(folder.resolve("work"));
    Path tree = Files.createDirectory(work.resolve("tree"));
    Workplace place = new Workplace(work, tree, TestSandbox.MOUNT_POINT);
    try (ControlGroups groups = TestGroups.none();
        Sandbox sandbox =
            new Sandbox(
                folder.resolve("own"),
                Sandbox.Mode.BUBBLEWRAP,
                groups,
                TestSandbox.LIMITS,
                Surroundings.NONE,
                stray.toString())) {
      try (Workspace workspace = sandbox.open(place, TestSandbox.LIMITS)) {
        assertThat(TestSandbox.run(workspace, TestSandbox.script("true")).result())
            .isInstanceOf(CommandResult.NotStarted.class);
        assertThat(folder.resolve("up")).as("the child was there").exists();
      }
      while (TestSandbox.someProcessHas(stray.toString())) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void aSandboxThatComesUpAfterItsServersDeathDoesNothing() throws Exception {
    TestSandbox.in(folder).close();
    Path done = folder.resolve("done");
    List<String> command = new ArrayList<>(List.of("bwrap", "--bind", "/", "/"));
    command.addAll(List.of("--unshare-user", "--unshare-pid", "--as-pid-1", "--"));
    command.addAll(
        FirstProcess.inSandbox(TestSandbox.command("touch", done.toString()), TestSandbox.LIMITS));
    ProcessBuilder builder = new ProcessBuilder("sh", "-c", "read go; exec \"$@\"", "sh");
    builder.command().addAll(command);
    Process late = builder.start();
    late.getInputStream().close();
    try (OutputStream go = late.getOutputStream()) {
      go.write('\n');
    }

    assertThat(late.waitFor()).isNotZero();
    assertThat(done).doesNotExist();
  }
}
