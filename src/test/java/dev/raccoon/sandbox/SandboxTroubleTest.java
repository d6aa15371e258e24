package dev.raccoon.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is said when the sandbox cannot be made. */
@Timeout(60)
class SandboxTroubleTest {
  @TempDir Path folder;

  @Test
  void thereIsNoneWhereBubblewrapWorks() throws Exception {
    try (TestSandbox sandbox = TestSandbox.in(folder)) {
      assertThat(sandbox.sandbox().trouble()).isEmpty();
      try (Stream<Path> left = Files.list(folder.resolve("sandbox"))) {
        assertThat(left).containsExactly(folder.resolve("sandbox/etc"));
      }
    }
  }

  @Test
  void aMissingProgramIsNamed() throws Exception {
    try (Sandbox sandbox = new Sandbox(folder, folder.resolve("nothing").toString())) {
      assertThat(sandbox.trouble())
          .contains("The program bwrap cannot be started: install the package bubblewrap.");
    }
  }

  @Test
  void refusedNameSpacesAreExplained() throws Exception {
    Path refused =
        program(
            """
            echo 'bwrap: No permissions to create new namespace, likely because the kernel does not \
            allow non-privileged user namespaces.' >&2
            exit 1
            """);
    try (Sandbox sandbox = new Sandbox(folder, refused.toString())) {
      assertThat(sandbox.trouble().orElseThrow())
          .startsWith(
              "The sandbox cannot be made: bwrap ended with status 1 (bwrap: No permissions")
          .endsWith("Unprivileged user name spaces must be allowed: see docs/operations.md.");
    }
  }

  @Test
  void aSandboxThatCannotBeMadeIsNotTheCommandsFaultAndNamesNoPathInPublic() throws Exception {
    try (TestSandbox sandbox = TestSandbox.in(folder)) {
      SandboxCommand command =
          new SandboxCommand(
              List.of("true"),
              sandbox.tree(),
              TestSandbox.MOUNT_POINT,
              List.of(folder.resolve("absent")),
              Map.of("PATH", "/usr/bin"),
              Duration.ofSeconds(50));

      assertThat(sandbox.sandbox().run(command, OutputStream.nullOutputStream()))
          .isEqualTo(
              new CommandResult.NotStarted(
                  "The sandbox cannot be made; the server's operator finds the reason in its log."));
    }
  }

  @Test
  void aProgramThatPrintsWithoutEndIsNotBubblewrap() throws Exception {
    try (Sandbox sandbox = new Sandbox(folder, program("exec yes").toString())) {
      assertThat(sandbox.trouble().orElseThrow()).contains("more than a complaint");
    }
  }

  private Path program(String script) throws Exception {
    Path file = folder.resolve("fake-bwrap");
    Files.writeString(file, "#!/bin/sh\n" + script);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
