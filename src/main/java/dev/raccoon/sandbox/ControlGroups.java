package dev.raccoon.sandbox;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The control groups that this server may make, if any: found once, at its start. Each server has a
 * folder of its own for its builds' groups. Thread-safe.
 */
public final class ControlGroups implements AutoCloseable {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,199}");
  private static final String ADVICE =
      "start it by bin/run as root, or as a systemd service with Delegate=yes";

  private final Found found;

  private ControlGroups(Found found) {
    this.found = found;
  }

  /** What this machine gives to this server, with the folder that is the server's own. */
  private sealed interface Found {
    record V2(Path given, GroupFolder own) implements Found {}

    record V1(GroupFolder memory, GroupFolder processes) implements Found {}

    record None(String why) implements Found {}
  }

  /**
   * Looks at this machine, and in cgroup v2 moves this process into a leaf of the group that was
   * given to it.
   *
   * @param server names this server's own folder, the same at each of its starts: letters, digits,
   *     {@code _ . -}
   * @param folder the folder that {@code bin/run} has made in the hierarchies of cgroup v1
   */
  public static ControlGroups find(String server, String folder) {
    return find(server, folder, Path.of("/proc/self"));
  }

  /** With another {@code /proc/self}. */
  static ControlGroups find(String server, String folder, Path self) {
    requireName(server);
    try {
      return new ControlGroups(look(ControlGroupMounts.read(self), folder, "builds-" + server));
    } catch (IOException e) {
      return new ControlGroups(new Found.None("the kernel refused: " + e.getMessage()));
    }
  }

  private static Found look(ControlGroupMounts mounts, String folder, String name)
      throws IOException {
    Optional<GroupFolder> given = mounts.ownV2().map(DelegatedV2::around);
    if (given.isPresent() && DelegatedV2.isOfUse(given.get())) {
      return v2(given.get(), name);
    }
    Optional<Path> memory = mounts.v1("memory").map(mount -> mount.resolve(folder));
    Optional<Path> processes = mounts.v1("pids").map(mount -> mount.resolve(folder));
    return memory.isPresent() && processes.isPresent()
        ? v1(new GroupFolder(memory.get()), new GroupFolder(processes.get()), name)
        : new Found.None("this machine mounts none with the controllers memory and pids");
  }

  private static Found v2(GroupFolder given, String name) throws IOException {
    if (!DelegatedV2.isGiven(given)) {
      return new Found.None(given.path() + " was not given to the server; " + ADVICE);
    }
    if (DelegatedV2.hasStrangers(given)) {
      return new Found.None(given.path() + " has other programs in it; " + ADVICE);
    }
    return new Found.V2(given.path(), DelegatedV2.prepare(given, name));
  }

  private static Found v1(GroupFolder memory, GroupFolder processes, String name)
      throws IOException {
    for (GroupFolder folder : new GroupFolder[] {memory, processes}) {
      if (!folder.isWritable()) {
        return new Found.None(folder.path() + " was not given to the server; " + ADVICE);
      }
    }
    return new Found.V1(
        GroupFolder.make(memory.path().resolve(name)),
        GroupFolder.make(processes.path().resolve(name)));
  }

  /** Whether there are any: then {@link #open} works. */
  public boolean available() {
    return !(found instanceof Found.None);
  }

  /**
   * For the operator: {@code "cgroup v2 at PATH"}, {@code "cgroup v1 at PATH"} or why there is
   * none.
   */
  public String description() {
    return switch (found) {
      case Found.V2(Path given, GroupFolder _) -> "cgroup v2 at " + given;
      case Found.V1(GroupFolder memory, GroupFolder processes) ->
          "cgroup v1 at " + memory.path().getParent() + " and " + processes.path().getParent();
      case Found.None(String why) -> "no cgroup: " + why;
    };
  }

  /**
   * Makes the group called {@code name} with limits that the kernel holds: memory, with no swap,
   * and processes and threads together. Whoever opens it closes it.
   *
   * @throws IOException when the kernel refuses
   * @throws IllegalStateException when there are no groups here
   */
  ControlGroup open(String name, long memoryBytes, int processes) throws IOException {
    requireName(name);
    return switch (found) {
      case Found.V2(Path _, GroupFolder own) ->
          ControlGroupV2.make(own.path().resolve(name), memoryBytes, processes);
      case Found.V1(GroupFolder memory, GroupFolder pids) ->
          ControlGroupV1.make(
              memory.path().resolve(name), pids.path().resolve(name), memoryBytes, processes);
      case Found.None(String why) -> throw new IllegalStateException(why);
    };
  }

  private static void requireName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("no name of a control group: " + name);
    }
  }

  /**
   * Kills and removes what an earlier start of this server has left. Nothing of another server.
   *
   * @throws IOException when some process does not die within seconds
   */
  public void sweep() throws IOException {
    switch (found) {
      case Found.V2(Path _, GroupFolder own) -> empty(own);
      case Found.V1(GroupFolder memory, GroupFolder processes) -> {
        empty(processes);
        empty(memory);
      }
      case Found.None _ -> {}
    }
  }

  private static void empty(GroupFolder folder) throws IOException {
    for (GroupFolder build : folder.children()) {
      build.remove();
    }
  }

  /** Removes this server's own folder, with all that is in it; {@link #open} works no more. */
  @Override
  public void close() throws IOException {
    switch (found) {
      case Found.V2(Path _, GroupFolder own) -> own.remove();
      case Found.V1(GroupFolder memory, GroupFolder processes) -> {
        processes.remove();
        memory.remove();
      }
      case Found.None _ -> {}
    }
  }
}
