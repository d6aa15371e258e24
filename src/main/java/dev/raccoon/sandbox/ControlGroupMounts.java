package dev.raccoon.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where this process sees its control groups: {@code cgroups(7)} and {@code proc(5)}. A machine may
 * have v1, v2, or both, one of them of no use.
 */
final class ControlGroupMounts {
  private static final Pattern OCTAL = Pattern.compile("\\\\([0-7]{3})");

  private final List<Mount> mounts;
  private final List<String> own;

  private ControlGroupMounts(List<Mount> mounts, List<String> own) {
    this.mounts = mounts;
    this.own = own;
  }

  /** What {@code self}, which is {@code /proc/self}, says. */
  static ControlGroupMounts read(Path self) throws IOException {
    return new ControlGroupMounts(
        Files.readAllLines(self.resolve("mountinfo")).stream().map(Mount::parse).toList(),
        Files.readAllLines(self.resolve("cgroup")));
  }

  /** A line of {@code mountinfo}. */
  private record Mount(String root, Path point, String type, List<String> options) {
    static Mount parse(String line) {
      List<String> fields = List.of(line.split(" "));
      List<String> rest = fields.subList(fields.indexOf("-") + 1, fields.size());
      return new Mount(
          plain(fields.get(3)),
          Path.of(plain(fields.get(4))),
          rest.getFirst(),
          Arrays.asList(rest.getLast().split(",")));
    }

    /** The kernel writes a blank as {@code \040}. */
    private static String plain(String field) {
      return OCTAL
          .matcher(field)
          .replaceAll(octal -> String.valueOf((char) Integer.parseInt(octal.group(1), 8)));
    }
  }

  /** Where the v1 hierarchy of {@code controller} is mounted. */
  Optional<Path> v1(String controller) {
    return mounts.stream()
        .filter(mount -> mount.type().equals("cgroup") && mount.options().contains(controller))
        .map(Mount::point)
        .findFirst();
  }

  /** This process's own group in v2; empty where there is none, or it lies outside of the mount. */
  Optional<Path> ownV2() {
    return mounts.stream()
        .filter(mount -> mount.type().equals("cgroup2"))
        .findFirst()
        .flatMap(mount -> own.stream().flatMap(line -> in(mount, line).stream()).findFirst());
  }

  private static Optional<Path> in(Mount mount, String line) {
    if (!line.startsWith("0::")) {
      return Optional.empty();
    }
    Path group = Path.of(line.substring("0::".length())).normalize();
    Path root = Path.of(mount.root());
    return group.startsWith(root)
        ? Optional.of(mount.point().resolve(root.relativize(group).toString()).normalize())
        : Optional.empty();
  }
}
