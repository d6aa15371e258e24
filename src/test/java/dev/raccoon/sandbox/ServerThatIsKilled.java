package dev.raccoon.sandbox;

import java.nio.file.Path;

/** A process of its own that runs a sandboxed shell script, passes on its output, and is killed. */
final class ServerThatIsKilled {
  private ServerThatIsKilled() {}

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    try (WorkFolder work = WorkFolder.make(folder.resolve("work"));
        TestSandbox sandbox = TestSandbox.in(work.path())) {
      sandbox.run(TestSandbox.script(arguments[1]), System.out);
    }
  }
}
