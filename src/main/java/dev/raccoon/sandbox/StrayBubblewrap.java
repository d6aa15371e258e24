package dev.raccoon.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * What a bwrap leaves behind that is killed in its first moment, before its child is told to die
 * with it: a child that waits for a word from its parent for ever, and keeps the workspace's memory
 * in use. Only its command line still tells whose it was.
 */
final class StrayBubblewrap {
  private static final String OPTION = "--info-fd";

  private StrayBubblewrap() {}

  /** Kills every process that is to be a sandbox on something below {@code folder}. */
  static void kill(Path folder) {
    String below = folder.toAbsolutePath() + "/";
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      StreamSupport.stream(processes.spliterator(), false)
          .filter(process -> isSandbox(arguments(process), below))
          .map(process -> Long.parseLong(process.getFileName().toString()))
          .flatMap(process -> ProcessHandle.of(process).stream())
          .forEach(ProcessHandle::destroyForcibly);
    } catch (IOException e) {
      throw new UncheckedIOException("the machine's processes cannot be listed", e);
    }
  }

  private static boolean isSandbox(List<String> arguments, String below) {
    return arguments.contains(OPTION)
        && arguments.stream().anyMatch(argument -> argument.startsWith(below));
  }

  /** Empty for a process that has ended since. */
  private static List<String> arguments(Path process) {
    try {
      return List.of(
          Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1).split("\0"));
    } catch (IOException e) {
      return List.of();
    }
  }
}
