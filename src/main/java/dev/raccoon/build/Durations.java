package dev.raccoon.build;

import java.time.Duration;

/** Durations as people say them. */
final class Durations {
  private Durations() {}

  /** {@code 15 min} or {@code 90 s}. */
  static String say(Duration duration) {
    long seconds = duration.toSeconds();
    return seconds >= 60 && seconds % 60 == 0 ? seconds / 60 + " min" : seconds + " s";
  }
}
