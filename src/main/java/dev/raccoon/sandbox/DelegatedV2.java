package dev.raccoon.sandbox;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A group of cgroup v2 that was given to this server, made ready: there are groups with limits in
 * it, so the kernel allows no process in the group itself ("no internal processes"), and the server
 * lives in a leaf of it.
 */
final class DelegatedV2 {
  /** The leaf. {@code bin/run} starts the server in one of this name. */
  static final String LEAF = "server";

  private static final String SWITCH = "cgroup.subtree_control";
  private static final String CONTROLLERS = "+memory +pids";

  private DelegatedV2() {}

  /**
   * The group that was given, by {@code own}, the one that this process is in: that one, or the one
   * around it if this is a leaf already.
   */
  static GroupFolder around(Path own) {
    Path parent = own.getParent();
    return own.endsWith(LEAF) && parent != null && isGiven(new GroupFolder(parent))
        ? new GroupFolder(parent)
        : new GroupFolder(own);
  }

  /** Whether it has the controllers that builds need: beside v1, v2 may be mounted without. */
  static boolean isOfUse(GroupFolder given) throws IOException {
    return given.words("cgroup.controllers").containsAll(List.of("memory", "pids"));
  }

  static boolean isGiven(GroupFolder group) {
    return group.isWritable() && group.has(SWITCH);
  }

  /**
   * Makes the group called {@code name} in {@code given}, for groups with limits.
   *
   * @throws IOException when the kernel refuses
   */
  static GroupFolder prepare(GroupFolder given, String name) throws IOException {
    for (long process : given.processes()) {
      GroupFolder.make(given.path().resolve(LEAF)).write("cgroup.procs", process);
    }
    given.write(SWITCH, CONTROLLERS);
    GroupFolder folder = GroupFolder.make(given.path().resolve(name));
    folder.write(SWITCH, CONTROLLERS);
    return folder;
  }

  /** Whether a process is in {@code given} that is none of ours, so that we may not move it. */
  static boolean hasStrangers(GroupFolder given) throws IOException {
    ProcessHandle me = ProcessHandle.current();
    Set<Long> strangers = new HashSet<>(given.processes());
    Stream.concat(Stream.of(me), me.descendants())
        .forEach(process -> strangers.remove(process.pid()));
    return !strangers.isEmpty();
  }
}
