package dev.raccoon.toolchain;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What earlier looks at folders showed: a look reads dozens of programs' headers, and few
 * installations change. Thread-safe.
 */
final class InspectionMemory {
  /** What lies deeper than what is compared may change, too. */
  static final Duration WHOLE_LOOK_EVERY = Duration.ofMinutes(1);

  private static final List<String> COMPARED =
      List.of("", "bin", "bin/erl", "lib", "releases", "activate");
  private static final int MAX_FOLDERS = 1000;

  private final Clock clock;
  private final Map<Path, Seen> known = new ConcurrentHashMap<>();

  InspectionMemory(Clock clock) {
    this.clock = clock;
  }

  private record Seen(List<FileTime> changed, OtpInspection.Installed shown, Instant when) {}

  /** What {@code root} shows; what is not an installation may become one at any time. */
  OtpInspection inspect(Path root) {
    List<FileTime> changed = changed(root);
    Seen seen = known.get(root);
    if (seen != null
        && seen.changed().equals(changed)
        && clock.instant().isBefore(seen.when().plus(WHOLE_LOOK_EVERY))) {
      return seen.shown();
    }
    known.remove(root);
    OtpInspection shown = OtpInspection.inspect(root);
    if (shown instanceof OtpInspection.Installed installed && known.size() < MAX_FOLDERS) {
      known.put(root, new Seen(changed, installed, clock.instant()));
    }
    return shown;
  }

  private static List<FileTime> changed(Path root) {
    List<FileTime> times = new ArrayList<>();
    for (String entry : COMPARED) {
      try {
        times.add(Files.getLastModifiedTime(root.resolve(entry)));
      } catch (IOException e) {
        times.add(FileTime.fromMillis(0)); // It is not there.
      }
    }
    return times;
  }
}
