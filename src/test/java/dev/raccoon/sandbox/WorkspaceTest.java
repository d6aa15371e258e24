package dev.raccoon.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.sandbox.TestSandbox.Ran;
import dev.raccoon.value.Limit;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds of every workspace, with a sandbox and without. */
@Timeout(60)
@ParameterizedClass
@EnumSource
class WorkspaceTest {
  private final Sandbox.Mode mode;
  @TempDir Path folder;
  private TestSandbox sandbox;

  WorkspaceTest(Sandbox.Mode mode) {
    this.mode = mode;
  }

  @BeforeEach
  void open() throws Exception {
    sandbox = TestSandbox.in(folder, folder.resolve("tree"), mode, TestGroups.none());
    Files.writeString(sandbox.tree().resolve("given"), "by the server");
  }

  @AfterEach
  void close() {
    if (sandbox != null) {
      sandbox.close();
    }
  }

  @Test
  void statusAndBothStreamsAreTheCommands() throws Exception {
    assertThat(sandbox.shell("echo one; echo two >&2; cat given; exit 3"))
        .isEqualTo(new Ran(new CommandResult.Exited(3), "one\ntwo\nby the server"));
  }

  @Test
  void aCommandFindsTheTreeAsTheOneBeforeLeftItAndSoDoesTheServer() throws Exception {
    Path after = folder.resolve("after");
    try (Workspace workspace = sandbox.open(TestSandbox.LIMITS)) {
      TestSandbox.run(workspace, TestSandbox.script("rm given; mkdir made; echo first >made/file"));
      Ran second = TestSandbox.run(workspace, TestSandbox.script("ls; echo second >>made/file"));
      workspace.copyTree(after, OutputStream.nullOutputStream());

      assertThat(second.lines()).containsExactly("made");
    }
    assertThat(after.resolve("made/file")).hasContent("first\nsecond\n");
    assertThat(after.resolve("given")).doesNotExist();
  }

  @Test
  void theEnvironmentIsNotTheServers() throws Exception {
    assertThat(sandbox.shell("env | cut -d = -f 1").lines())
        .contains("HOME", "PATH")
        .isSubsetOf("HOME", "PATH", "PWD", "TMPDIR", "OLDPWD", "_", "SHLVL");
  }

  @Test
  void theHomeFolderIsEmptyAndACommandsOwn() throws Exception {
    try (Workspace workspace = sandbox.open(TestSandbox.LIMITS)) {
      TestSandbox.run(workspace, TestSandbox.script("touch ~/mine"));

      assertThat(TestSandbox.run(workspace, TestSandbox.script("ls -A ~")).output()).isEmpty();
    }
  }

  @Test
  void timeIsLimited() throws Exception {
    assertThat(
            sandbox
                .run(
                    TestSandbox.script("while :; do echo x; sleep 0.1; done"),
                    TestSandbox.LIMITS.with(Map.of(Limit.TIME, 1500L)))
                .result())
        .isEqualTo(new CommandResult.OverLimit(Limit.TIME, 1500));
  }

  @Test
  void silenceIsLimited() throws Exception {
    assertThat(
            sandbox
                .run(
                    TestSandbox.script("echo up; sleep 600"),
                    TestSandbox.LIMITS.with(Map.of(Limit.SILENCE, 1000L)))
                .result())
        .isEqualTo(new CommandResult.OverLimit(Limit.SILENCE, 1000));
  }

  @Test
  void memoryIsLimited() throws Exception {
    assertThat(
            sandbox
                .run(
                    TestSandbox.script("perl -e '$x = \"x\" x (200 << 20); sleep 600'"),
                    TestSandbox.LIMITS.with(Map.of(Limit.MEMORY, 100L << 20)))
                .result())
        .isEqualTo(new CommandResult.OverLimit(Limit.MEMORY, 100 << 20));
  }

  @Test
  void aFileIsNoLargerThanAllMayBe() throws Exception {
    assertThat(sandbox.shell("truncate -s 10G sparse").result())
        .isEqualTo(new CommandResult.OverLimit(Limit.DISK, 64 << 20));
  }
}
