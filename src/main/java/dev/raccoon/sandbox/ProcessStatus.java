package dev.raccoon.sandbox;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the kernel says of one process: {@code /proc/PID/status} and {@code smaps_rollup} of {@code
 * proc(5)}.
 *
 * @param residentBytes its memory, without pages of files; pages shared with other processes count
 *     for each of them
 */
record ProcessStatus(long process, long parent, int threads, long residentBytes) {
  /** A dead process that nobody has waited for has a thread and no memory. */
  static ProcessStatus parse(long process, String status) {
    return new ProcessStatus(
        process,
        number(status, "PPid").orElse(0),
        Math.toIntExact(number(status, "Threads").orElse(1)),
        1024 * (number(status, "RssAnon").orElse(0) + number(status, "RssShmem").orElse(0)));
  }

  /**
   * Its share of the memory: a page that several processes have counts in parts. Empty before Linux
   * 5.4, which does not tell.
   */
  static Optional<Long> proportionalBytes(String smapsRollup) {
    OptionalLong own = number(smapsRollup, "Pss_Anon");
    OptionalLong shared = number(smapsRollup, "Pss_Shmem");
    return own.isPresent() && shared.isPresent()
        ? Optional.of(1024 * (own.getAsLong() + shared.getAsLong()))
        : Optional.empty();
  }

  /** The number in the line {@code KEY: NUMBER kB}. */
  private static OptionalLong number(String text, String key) {
    int line = text.indexOf("\n" + key + ":");
    if (line < 0) {
      return OptionalLong.empty();
    }
    int start = line + key.length() + 2;
    int end = text.indexOf('\n', start);
    String value = text.substring(start, end < 0 ? text.length() : end).strip();
    return OptionalLong.of(Long.parseLong(value.split(" ", 2)[0]));
  }
}
