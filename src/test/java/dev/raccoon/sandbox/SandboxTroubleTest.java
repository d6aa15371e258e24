package dev.raccoon.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
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
        assertThat(left)
            .containsExactlyInAnyOrder(
                folder.resolve("sandbox/etc"), folder.resolve("sandbox/system-calls.bpf"));
      }
    }
  }

  @Test
  void aMissingProgramIsNamed() throws Exception {
    try (Sandbox sandbox = with(folder.resolve("nothing"))) {
      assertThat(sandbox.trouble())
          .get(InstanceOfAssertFactories.STRING)
          .startsWith(
              "A program of the sandbox is missing: install the packages bubblewrap and util-linux.");
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
    try (Sandbox sandbox = with(refused)) {
      assertThat(sandbox.trouble().orElseThrow())
          .startsWith(
              "The sandbox cannot be made: bwrap ended with status 1 (bwrap: No permissions")
          .endsWith("Unprivileged user name spaces must be allowed: see docs/operations.md.");
    }
  }

  @Test
  void aSandboxThatCannotBeMadeIsNotTheCommandsFaultAndNamesNoPathInPublic() throws Exception {
    try (TestSandbox sandbox = TestSandbox.in(folder)) {
      SandboxCommand command = TestSandbox.command(List.of(folder.resolve("absent")), "true");

      assertThat(sandbox.run(command).result())
          .isEqualTo(
              new CommandResult.NotStarted(
                  "The sandbox cannot be made; the server's operator finds the reason in its log."));
    }
  }

  @Test
  void aProgramThatPrintsWithoutEndIsNotBubblewrap() throws Exception {
    try (Sandbox sandbox = with(program("exec yes"))) {
      assertThat(sandbox.trouble().orElseThrow()).contains("more than a complaint");
    }
  }

  private Sandbox with(Path bubblewrap) throws IOException {
    return new Sandbox(
        folder,
        Sandbox.Mode.BUBBLEWRAP,
        TestGroups.none(),
        TestSandbox.LIMITS,
        Surroundings.NONE,
        bubblewrap.toString());
  }

  private Path program(String script) throws Exception {
    Path file = folder.resolve("fake-bwrap");
    Files.writeString(file, "#!/bin/sh\n" + script);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
