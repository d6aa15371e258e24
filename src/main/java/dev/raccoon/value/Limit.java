package dev.raccoon.value;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What a build has only so much of. */
public enum Limit {
  /** Wall clock of all its commands together, in milliseconds. */
  TIME(Unit.MILLISECONDS),
  /** Time without a byte of output, in milliseconds. */
  SILENCE(Unit.MILLISECONDS),
  /** Memory of all its processes together, in bytes. */
  MEMORY(Unit.BYTES),
  /** Processes and threads at once. */
  PROCESSES(Unit.COUNT),
  /** All that it has written and not deleted, in bytes. */
  DISK(Unit.BYTES),
  /** Files, folders and links at once. */
  FILES(Unit.COUNT),
  /** Open files of one process. */
  OPEN_FILES(Unit.COUNT),
  /**
   * Its log, in bytes: what is in the middle of a longer one is left out, and that fails nothing.
   */
  LOG(Unit.BYTES),
  /** All its package files of one format together, in bytes. */
  ARTIFACT(Unit.BYTES);

  /** What a limit's amount counts. */
  public enum Unit {
    MILLISECONDS,
    BYTES,
    COUNT
  }

  private final Unit unit;

  Limit(Unit unit) {
    this.unit = unit;
  }

  /** What its amount counts. */
  public Unit unit() {
    return unit;
  }

  /** As records, settings and answers have it: {@code open_files}, say. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The limit called {@code key}. */
  public static Optional<Limit> of(String key) {
    return Stream.of(values()).filter(limit -> limit.key().equals(key)).findFirst();
  }
}
