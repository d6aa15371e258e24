package dev.raccoon.testing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A script of {@code src/test/tools} that makes test input out of Debian's packages. */
final class DebianScript {
  private static final Path TOOLS = Path.of("src", "test", "tools").toAbsolutePath();

  private DebianScript() {}

  /** Runs it to its end; {@code settings} are added to the environment. */
  static Program.Ended run(String name, Map<String, String> settings, String... arguments)
      throws IOException {
    List<String> command =
        Stream.concat(Stream.of(TOOLS.resolve(name).toString()), Stream.of(arguments)).toList();
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(settings);
    try {
      return Program.run(builder);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + name + " ran", e);
    }
  }
}
