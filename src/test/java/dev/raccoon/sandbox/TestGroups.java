package dev.raccoon.sandbox;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Real control groups in a folder of this test's own, or else the test is skipped: in what {@code
 * bin/test} as root has prepared, or, as root without it, in a folder that is made here for cgroup
 * v1.
 */
final class TestGroups implements AutoCloseable {
  private static final Path SELF = Path.of("/proc/self");

  private final List<Path> made = new ArrayList<>();
  private final String folder;
  private final ControlGroups groups;

  private TestGroups() throws IOException {
    String prepared = System.getProperty("test.cgroup", "");
    folder = prepared.isEmpty() ? "raccoon-test-" + UUID.randomUUID() : prepared;
    if (prepared.isEmpty()) {
      makeFolders();
    }
    groups = find(UUID.randomUUID().toString());
  }

  /** Skips the test where this user may make no control groups. */
  static TestGroups orSkip() throws IOException {
    TestGroups all = new TestGroups();
    if (!all.groups.available()) {
      all.close();
    }
    assumeTrue(all.groups.available(), all.groups.description());
    return all;
  }

  /** What a machine without control groups has. */
  static ControlGroups none() {
    return ControlGroups.find("none", "no-such-folder");
  }

  private void makeFolders() throws IOException {
    ControlGroupMounts mounts = ControlGroupMounts.read(SELF);
    for (String controller : List.of("memory", "pids")) {
      Path mount = mounts.v1(controller).orElse(SELF);
      if (Files.isWritable(mount.resolve("cgroup.procs"))) {
        made.add(Files.createDirectories(mount.resolve(folder)));
      }
    }
  }

  /** The groups of the server called {@code server}, in the same folder. */
  ControlGroups find(String server) {
    return ControlGroups.find(server, folder, SELF);
  }

  ControlGroups groups() {
    return groups;
  }

  ControlGroup open(long memoryBytes, int processes) throws IOException {
    return groups.open("build-" + UUID.randomUUID(), memoryBytes, processes);
  }

  /** Starts {@code command} in {@code group}, as a build would be. */
  static Process start(ControlGroup group, String... command) throws IOException {
    List<String> all = new ArrayList<>();
    StringBuilder script = new StringBuilder();
    group.processFiles().forEach(file -> script.append("echo $$ >'" + file + "' && "));
    all.addAll(List.of("sh", "-c", script + "exec \"$@\"", "sh"));
    all.addAll(List.of(command));
    return new ProcessBuilder(all).redirectErrorStream(true).start();
  }

  @Override
  public void close() throws IOException {
    groups.close();
    for (Path path : made) {
      new GroupFolder(path).remove();
    }
  }
}
