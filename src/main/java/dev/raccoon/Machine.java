package dev.raccoon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** What this machine is called. */
final class Machine {
  /** Neither needs a name server, which may be slow to answer. */
  private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

  private Machine() {}

  /** Its host name. */
  static String name() {
    try {
      return Files.readString(HOST_NAME).strip();
    } catch (IOException e) {
      return "unknown";
    }
  }

  /** As {@code uname -m} has it. */
  static String processor() {
    String java = System.getProperty("os.arch", "unknown").toLowerCase(Locale.ROOT);
    return java.equals("amd64") ? "x86_64" : java;
  }
}
