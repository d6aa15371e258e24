package dev.raccoon.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The kernel's limits for this process, which only root may raise: nothing that it starts can have
 * more, and asking for more is an error.
 *
 * @param openFiles of one process
 * @param processes of this user; both {@link Long#MAX_VALUE} where there is no limit
 */
record HardLimits(long openFiles, long processes) {
  /** Read once: nobody changes them while this process runs. */
  static final HardLimits OURS = ours();

  /** Those in {@code lines} of a {@code /proc/PID/limits}: a name, the soft and the hard one. */
  static HardLimits read(List<String> lines) {
    return new HardLimits(hard(lines, "Max open files"), hard(lines, "Max processes"));
  }

  private static long hard(List<String> lines, String name) {
    Pattern form = Pattern.compile(Pattern.quote(name) + " +\\S+ +([0-9]+)( .*)?");
    return lines.stream()
        .map(form::matcher)
        .filter(Matcher::matches)
        .mapToLong(line -> Long.parseLong(line.group(1)))
        .findFirst()
        .orElse(Long.MAX_VALUE);
  }

  private static HardLimits ours() {
    try {
      return read(Files.readAllLines(Path.of("/proc/self/limits")));
    } catch (IOException e) {
      throw new UncheckedIOException("The kernel does not tell this process's limits", e);
    }
  }
}
