package dev.raccoon.toolchain;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What earlier looks at folders showed: a look reads dozens of programs' headers, and few
 * installations change. Thread-safe.
 */
final class InspectionMemory {
  /** What lies deeper than what is compared may change, too. */
  static final Duration WHOLE_LOOK_EVERY = Duration.ofMinutes(1);

  /** A disk that is in trouble for longer may hold something else by then. */
  static final Duration TROUBLE_MAY_LAST = Duration.ofMinutes(5);

  private static final List<String> COMPARED =
      List.of("", "bin", "bin/erl", "lib", "releases", "activate");
  private static final FileTime NOT_THERE = FileTime.fromMillis(0);
  private static final int MAX_FOLDERS = 1000;

  private final Clock clock;
  private final Map<Path, Seen> known = new ConcurrentHashMap<>();

  InspectionMemory(Clock clock) {
    this.clock = clock;
  }

  private record Seen(List<FileTime> changed, OtpInspection.Installed shown, Instant when) {}

  /**
   * What {@code root} shows; what is not an installation may become one at any time. While it
   * cannot be read, what it showed last counts, for some minutes.
   */
  OtpInspection inspect(Path root) {
    Seen seen = known.get(root);
    List<FileTime> changed;
    try {
      changed = changed(root);
    } catch (IOException e) {
      return unreadable(seen);
    }
    if (seen != null && seen.changed().equals(changed) && isWithin(WHOLE_LOOK_EVERY, seen)) {
      return seen.shown();
    }
    return switch (OtpInspection.inspect(root)) {
      case OtpInspection.Unreadable() -> unreadable(seen);
      case OtpInspection.NotInstalled none -> {
        known.remove(root);
        yield none;
      }
      case OtpInspection.Installed installed -> {
        if (seen != null || known.size() < MAX_FOLDERS) {
          known.put(root, new Seen(changed, installed, clock.instant()));
        }
        yield installed;
      }
    };
  }

  /** All that were an installation when they were looked at last. */
  List<Path> roots() {
    return known.keySet().stream().sorted().toList();
  }

  private OtpInspection unreadable(@Nullable Seen seen) {
    return seen != null && isWithin(TROUBLE_MAY_LAST, seen)
        ? seen.shown()
        : new OtpInspection.Unreadable();
  }

  private boolean isWithin(Duration time, Seen seen) {
    return clock.instant().isBefore(seen.when().plus(time));
  }

  private static List<FileTime> changed(Path root) throws IOException {
    List<FileTime> times = new ArrayList<>();
    for (String entry : COMPARED) {
      times.add(
          OtpFiles.attributes(root.resolve(entry))
              .map(BasicFileAttributes::lastModifiedTime)
              .orElse(NOT_THERE));
    }
    return times;
  }
}
