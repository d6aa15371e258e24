package dev.raccoon.tool;

import dev.raccoon.toolchain.OtpInstallation;
import java.io.IOException;
import java.lang.module.ModuleDescriptor.Version;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** An operator's programs of one kind: which is the newest that runs on an OTP. Thread-safe. */
final class Candidates {
  private final String kind;
  private final Supplier<List<Path>> places;
  private final Probe probe;

  /** The versions of those that ran on some OTP, by their places. */
  private final Map<Path, String> known = new ConcurrentHashMap<>();

  /** Asks the program at a place which version it is, on one OTP; nothing when it does not run. */
  interface Probe {
    Optional<String> version(Path place, OtpInstallation otp)
        throws IOException, InterruptedException;
  }

  record Found(Path place, String version) {}

  /**
   * Programs that people call {@code kind}.
   *
   * @param places where they are at the moment, real paths, each once
   */
  Candidates(String kind, Supplier<List<Path>> places, Probe probe) {
    this.kind = kind;
    this.places = places;
    this.probe = probe;
  }

  boolean any() {
    return !places.get().isEmpty();
  }

  /** The newest that runs on {@code otp}; of equal ones the first. */
  Optional<Found> on(OtpInstallation otp) throws IOException, InterruptedException {
    Optional<Found> newest = Optional.empty();
    for (Path place : places.get()) {
      Optional<String> version = probe.version(place, otp).filter(Candidates::isVersion);
      if (version.isEmpty()) {
        continue;
      }
      known.put(place, version.get());
      if (newest.isEmpty() || isNewer(version.get(), newest.get().version())) {
        newest = Optional.of(new Found(place, version.get()));
      }
    }
    return newest;
  }

  /** Why there is none for {@code otp}: a sentence for its users. */
  String noneOn(OtpInstallation otp) {
    List<Path> there = places.get();
    if (there.isEmpty()) {
      return "This server has no " + kind + ": its operator must install it.";
    }
    String versions =
        there.stream()
            .flatMap(place -> Optional.ofNullable(known.get(place)).stream())
            .distinct()
            .sorted(Comparator.comparing(Version::parse))
            .collect(Collectors.joining(" and "));
    return "This server's %s%s not run on OTP %s: its operator must install one that does."
        .formatted(
            versions.isEmpty() ? kind : kind + " " + versions,
            versions.contains(" and ") ? " do" : " does",
            otp.version());
  }

  private static boolean isNewer(String one, String other) {
    return Version.parse(one).compareTo(Version.parse(other)) > 0;
  }

  private static boolean isVersion(String text) {
    try {
      Version.parse(text);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
