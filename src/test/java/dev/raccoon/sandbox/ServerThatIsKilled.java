package dev.raccoon.sandbox;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A process of its own that runs a sandboxed shell script, passes on its output, and is killed. */
final class ServerThatIsKilled {
  private ServerThatIsKilled() {}

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    try (WorkFolder tree = WorkFolder.make(folder.resolve("tree"));
        Sandbox sandbox = new Sandbox(folder)) {
      SandboxCommand command =
          new SandboxCommand(
              List.of("sh", "-c", arguments[1]),
              tree.path(),
              TestSandbox.MOUNT_POINT,
              List.of(),
              Map.of("PATH", "/usr/bin:/bin"),
              Duration.ofMinutes(5));
      System.out.println(sandbox.run(command, System.out));
    }
  }
}
