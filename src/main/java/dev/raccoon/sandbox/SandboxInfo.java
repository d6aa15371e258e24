package dev.raccoon.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What bubblewrap tells of a sandbox that it has made ({@code --info-fd}).
 *
 * @param folder the workspace's own, which the sandbox's command line names
 * @param command which of its commands it is
 */
record SandboxInfo(Path folder, String command) {
  private static final Pattern FIRST_PROCESS = Pattern.compile("\"child-pid\": *([0-9]+)");
  private static final Pattern PROCESSES = Pattern.compile("\"pid-namespace\": *([0-9]+)");

  private static final int LOOKS = 100;
  private static final Duration PAUSE = Duration.ofMillis(50);

  /** Where it is told. */
  Path file() {
    return folder.resolve(command + ".info");
  }

  /** Kills the sandbox's first process, if there is one: the kernel kills all others with it. */
  void killFirstProcess() {
    number(FIRST_PROCESS)
        .ifPresent(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
  }

  /**
   * Makes sure that nothing of the sandbox runs any more.
   *
   * @throws IOException when something cannot be ended
   */
  void requireEnd() throws IOException {
    boolean interrupted = false;
    try {
      for (int look = 0; look < LOOKS; look++) {
        // An interrupted thread does not wait, and reads no file.
        interrupted |= Thread.interrupted();
        killStray();
        if (processes() == 0) {
          return;
        }
        killFirstProcess();
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    throw new IOException("processes of a sandbox that has ended go on");
  }

  /** Kills what a bubblewrap has left that was killed before it wrote this. */
  void killStray() {
    if (number(PROCESSES).isEmpty()) {
      StrayBubblewrap.kill(folder);
    }
  }

  /** How many processes are in the sandbox's name space, as far as this user may see. */
  private long processes() throws IOException {
    OptionalLong nameSpace = number(PROCESSES);
    if (nameSpace.isEmpty()) {
      return 0;
    }
    String link = "pid:[" + nameSpace.getAsLong() + "]";
    try (Stream<Path> all = Files.list(Path.of("/proc"))) {
      return all.filter(entry -> isIn(entry, link)).count();
    }
  }

  private static boolean isIn(Path process, String link) {
    try {
      return Character.isDigit(process.getFileName().toString().charAt(0))
          && Files.readSymbolicLink(process.resolve("ns/pid")).toString().equals(link);
    } catch (IOException e) {
      // It is another user's, or has ended since.
      return false;
    }
  }

  private OptionalLong number(Pattern pattern) {
    try {
      Matcher found = pattern.matcher(Files.readString(file()));
      return found.find() ? OptionalLong.of(Long.parseLong(found.group(1))) : OptionalLong.empty();
    } catch (IOException e) {
      // bubblewrap has not come that far.
      return OptionalLong.empty();
    }
  }
}
